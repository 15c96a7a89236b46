"""The coordination network: trait pairs that too many accounts hold together, clustered."""
