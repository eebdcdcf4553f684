"""What `pack.yaml` says: the pack's name, its version, and what it asks of a workspace."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from provisioner.spec.models import Name, SpecModel, Text


class PackParameter(SpecModel):
    """What a pack asks of the workspaces that extend it."""

    description: str = Field("", description="What to give, for the person who has to.")
    default: Name | None = Field(None, description="Used when nothing is given.")
    choices: tuple[str, ...] = Field((), description="The only values allowed.")
    type: Literal["text", "date"] = Field("text", description="A date is written YYYY-MM-DD.")


class PackManifest(SpecModel):
    """`pack.yaml`: what a pack is called and what it asks for."""

    api_version: Literal["provisioner/v1"] = Field(description="Version of this format.")
    kind: Literal["Pack"] = Field(description="What the file is.")
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")] = Field(
        description="The word used in `extends`."
    )
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9}){2}$")] = Field(
        description="major.minor.patch, in quotes."
    )
    title: Text = Field(description="Its name for people.")
    summary: Text = Field(description="One line about what it holds.")
    extends: str | tuple[str, ...] = Field((), description="Packs it builds on.")
    use: Literal["workspace", "option", "part"] = Field(
        "workspace",
        description="What it is for: to start from, to add to one of those, or for packs alone.",
    )
    parameters: dict[str, PackParameter] = Field(default_factory=dict, description="What it asks.")
