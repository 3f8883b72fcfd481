"""Real data with published results, read where it is present."""

import pandas as pd
import pytest


def read_cdnow(path, columns):
    frame = pd.read_csv(path, sep=r"\s+", names=columns, skiprows=int("sample" not in path.name))
    frame["date"] = pd.to_datetime(frame["date"].astype(str))
    return frame


@pytest.fixture(scope="session")
def cdnow_sample(data_folder):
    columns = ["master_id", "partner_id", "date", "quantity", "amount"]
    return read_cdnow(data_folder / "cdnow" / "CDNOW_sample.txt.gz", columns)


@pytest.fixture(scope="session")
def cdnow_full(data_folder):
    columns = ["partner_id", "date", "quantity", "amount"]
    return read_cdnow(data_folder / "cdnow" / "CDNOW_master.txt.gz", columns)


@pytest.fixture(scope="session")
def online_retail(data_folder):
    """Lines with a customer, no cancellations, quantity and price above zero."""
    frame = pd.read_csv(
        data_folder / "online_retail" / "online_retail.csv.gz",
        dtype={"InvoiceNo": str, "StockCode": str},
        parse_dates=["InvoiceDate"],
    )
    kept = frame["CustomerID"].notna() & ~frame["InvoiceNo"].str.startswith("C")
    kept &= (frame["Quantity"] > 0) & (frame["UnitPrice"] > 0)
    frame = frame[kept]
    return pd.DataFrame(
        {
            "partner_id": frame["CustomerID"].astype(int),
            "date": frame["InvoiceDate"],
            "amount": frame["Quantity"] * frame["UnitPrice"],
            "invoice": frame["InvoiceNo"],
        }
    )


@pytest.fixture(scope="session")
def telco(data_folder):
    """Customers of a telephone company, and 1 for those who left."""
    frame = pd.read_csv(data_folder / "telco" / "telco_churn.csv").drop(columns="customerID")
    frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce")
    return frame.drop(columns="Churn"), (frame["Churn"] == "Yes").astype(int).to_numpy()


@pytest.fixture(scope="session")
def bank(data_folder):
    """Calls of a bank in the order of time, and 1 for those that ended in a deposit."""
    frame = pd.read_csv(data_folder / "bank" / "bank_additional_full.csv.gz", sep=";")
    return frame.drop(columns="y"), (frame["y"] == "yes").astype(int).to_numpy()
