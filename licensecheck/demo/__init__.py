"""A Hub on 127.0.0.1 with sample repos, to see the tool at work without the internet. No part of the package needs it."""

from licensecheck.demo.samples import sample_hub
from licensecheck.demo.server import DemoHub, Large, Repo, Request, Trouble, Weight

__all__ = ["DemoHub", "Large", "Repo", "Request", "Trouble", "Weight", "sample_hub"]
