"""The sample repos of the demo: invented models in the shapes that are common on the Hub, with texts of our own."""

from __future__ import annotations

from pathlib import Path

import yaml

from licensecheck.demo.server import Content, DemoHub, Weight

_FOLDER = Path(__file__).parent / "repos"


def sample_hub() -> DemoHub:
    """A Hub, not yet started, with every sample repo; it knows the token `hf_demo`, whose user no gate has accepted."""
    hub = DemoHub()
    hub.tokens["hf_demo"] = "demo-user"
    about = yaml.safe_load((_FOLDER / "hub.yaml").read_text(encoding="utf-8"))
    for id, settings in sorted(about.items()):
        folder = _FOLDER / id
        files: dict[str, Content] = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
        }
        files.update({name: Weight(size) for name, size in settings.get("weights", {}).items()})
        hub.add(id, files, gated=settings.get("gated", False))
    return hub
