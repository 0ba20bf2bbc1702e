"""The latest documents of the hypotheses, and their verdicts, read from a results folder.

One document a source of parameters. Hypotheses stand on the frozen priors; what other sources say
is kept apart and shown beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.analysis import making
from sim.scenario.posteriors import PRIORS, described, sources

FOLDER: Final = "thesis"
type Document = dict[str, Any]


def document_name(source: str = PRIORS) -> str:
    """The file of a source's document within the folder."""
    return "thesis.json" if source == PRIORS else f"thesis-{source}.json"


def page_name(source: str = PRIORS) -> str:
    """The file of a source's page within the folder."""
    return "thesis.html" if source == PRIORS else f"thesis-{source}.html"


def made_by(source: str = PRIORS) -> dict[str, Any]:
    """What verdicts come from that are judged now."""
    from sim.ensemble.identity import digest, files_digest

    here = Path(__file__).parent
    return {
        **making.made_by(),
        "judging": files_digest(here, here.glob("*.py")),
        "source": source,
        "values": None if source == PRIORS else digest(described(source)),
    }


def read_document(results: Path, source: str = PRIORS) -> Document | None:
    """The latest document of a source, or None where there is none that can be read."""
    try:
        text = (results / FOLDER / document_name(source)).read_text(encoding="utf-8")
        found: Document = json.loads(text)
        hypotheses = found["hypotheses"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found.setdefault("source", PRIORS)
    return found if isinstance(hypotheses, list) else None


def judged_on(results: Path, source: str = PRIORS) -> date | None:
    """The day on which a source's document was last written, None where there is none."""
    return making.written_on(results / FOLDER / document_name(source))


def same_test(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether verdicts can stand beside each other: all is the same but the source."""
    wanted = ("fulcrum", "seeds", "code", "judging", "design", "seed")
    return all(one.get(key) == other.get(key) for key in wanted)


def beside(results: Path, document: Mapping[str, Any]) -> tuple[list[Document], list[str]]:
    """What other sources say to the same test.

    Args:
        results: the folder.
        document: of one source.

    Returns:
        The latest documents of the others that differ in nothing but the source, the priors'
        first; and names of sources whose verdicts are of another making.
    """
    fit, unfit = [], []
    for other in sources():
        found = read_document(results, other) if other != document["source"] else None
        if found is None:
            continue
        if same_test(found, document) and found.get("values") == made_by(other)["values"]:
            fit.append(found)
        else:
            unfit.append(other)
    return fit, unfit


def changed_since(document: Mapping[str, Any]) -> list[str]:
    """What of all that a document came from is another by now, in words."""
    source = str(document.get("source", PRIORS))
    if source not in sources():
        return [f"the source {source}, which is gone"]
    return making.differing(document, made_by(source))


def counts(document: Mapping[str, Any]) -> bool:
    """Whether a document is of the designs that count, those committed."""
    from sim.analysis.thesis.design import load_thesis

    return bool(document.get("design") == load_thesis().digest)


def latest_verdicts(results: Path) -> dict[str, str]:
    """Hypothesis -> its latest verdict in words, on the frozen priors.

    Verdicts under another design than the committed one are none.
    """
    found = read_document(results)
    if found is None or not counts(found):
        return {}
    return {one["id"]: verdict_words(one) for one in found["hypotheses"]}


def verdict_words(hypothesis: Mapping[str, Any]) -> str:
    """A hypothesis's verdict; with several judged apart, each by its outcome."""
    if hypothesis["verdict"] is not None:
        return str(hypothesis["verdict"])
    judged = hypothesis["judged"]
    return ", ".join(f"{one['name'].partition('.')[2]} {one['verdict']}" for one in judged)


def by_name(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Everything judged in a document by its name, such as "H3.payoff.belarus"."""
    return {
        one["name"]: one for hypothesis in document["hypotheses"] for one in hypothesis["judged"]
    }


def in_brief(document: Mapping[str, Any]) -> Document:
    """A document without what only its own page shows: verdicts, shares, figures."""
    keys = ("name", "verdict", "firm", "share", "error", "ci95", "sets", "counts", "figure")
    return {
        "source": document["source"],
        "values": document["values"],
        "judged": [{key: one[key] for key in keys} for one in by_name(document).values()],
    }
