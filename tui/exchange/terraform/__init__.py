"""Terraform: what a state, or `terraform show -json` of a state or a plan, tells of networks."""

from tui.exchange.terraform.reading import read

__all__ = ["read"]
