"""A report as a small HTML table, for notebooks: a cell that ends in a report shows it."""

from __future__ import annotations

from html import escape

from licensecheck.render import links, words
from licensecheck.types import Decision, Report

_SHOWN = 12


def report_html(report: Report, decision: Decision | None = None) -> str:
    """An HTML fragment: the verdict, the policy's answer where there is one, and the first clauses that take freedoms away, with quotes.

    Plain tags without styles of their own, so that it follows the notebook's theme; every foreign string is escaped.
    """
    head = _linked(report.snapshot.id, links.page(report))
    rows = [("License terms", f"<b>{words.TERMS[report.verdict.openness]}</b>, {escape(words.ruling(report))}")]
    rows.append(("Under", escape(words.brief(words.governing(report))) or "no license found"))
    if decision is not None:
        rows.append((f"Policy {escape(words.brief(decision.policy))}", words.ACTIONS[decision.action]))
    groups = [found for name, found in words.by_weight(report.clauses).items() if words.about(name).effect != "info"]
    for first, *others in groups[:_SHOWN]:
        page = links.page(report, first.path, first.start_line, first.end_line, inherited_from=first.inherited_from)
        quote = f"“{escape(words.quote(first.quote, 200))}”<br>" if first.quote else ""
        more = f" and {len(others)} more" if others else ""
        rows.append((escape(words.about(first.id).title), f"{quote}{_linked(words.place(first), page)}{more}"))
    if len(groups) > _SHOWN:
        rows.append(("", f"and {len(groups) - _SHOWN} more kinds of clauses"))
    if report.problems:
        rows.append(("Not seen", "<br>".join(escape(words.brief(f"{p.subject}: {p.message}")) for p in report.problems[:_SHOWN])))
    body = "".join(f'<tr><th style="text-align:left">{name}</th><td style="text-align:left">{value}</td></tr>' for name, value in rows)
    return f'<table><caption style="text-align:left">{head}</caption><tbody>{body}</tbody></table>'


def _linked(text: str, address: str | None) -> str:
    shown = escape(words.brief(text))
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{shown}</a>' if address else shown
