"""Bulk loading of sales history: COPY into a staging table, then set-based SQL."""
