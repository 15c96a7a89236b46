"""Lists, prices and tables that ship with the product as data."""
