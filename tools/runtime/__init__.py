"""Brings Odoo, PostgreSQL, a Python environment and a browser up below `.cache`.

Standard library only: this code runs before anything is installed.
"""
