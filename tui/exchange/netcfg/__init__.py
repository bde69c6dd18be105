"""The classic network configuration of 2014, in XML."""
