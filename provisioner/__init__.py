"""Plan, create, drift-check and judge a Microsoft 365 evidence workspace from declarative YAML."""

from __future__ import annotations

__version__ = "0.1.0"
