-- The ledger is separate from Prefect's database: it is the delivery record, and a reset of Prefect must not remove it.
CREATE DATABASE ledger;
