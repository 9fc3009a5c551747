"""The composers, by name. Reads cards only: models load when one is asked to compose."""
