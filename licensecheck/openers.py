"""The few words by which a line leads into what follows, is a title or a preamble, or says something by itself. Patterns only."""

from __future__ import annotations

import re

FOLLOWING = re.compile(  # a finished sentence that all the same leads into a list
    r"\bfollowing\b[^.]{0,80}\W*$|\b(?:any|all|each|one|none) of (?:these|the below)(?: \w+)?\W*$"
    r"|\bas follows\W*$|\b(?:listed|set (?:out|forth)|described|stated) below\W*$"
    r"|\b(?:are|is) (?:strictly |expressly )?(?:prohibited|forbidden|not (?:permitted|allowed))\W*$"
    r"|\b(?:folgende\w*|siguientes?|seguenti|suivante?s?|seguintes?)\b[^.]{0,80}\W*$|(?:以下|下列|如下|次の|下記)[^。]{0,40}\W*$",
    re.I,
)
BANS = re.compile(r"\b(?:not|never|prohibited|forbidden|off.limits|unacceptable|disallowed|banned)\b|不得|禁止|不可|不允许", re.I)
BELOW = re.compile(r"\b(?:following|below|of these)\b[^.]{0,40}\W*$|(?:以下|下列|如下)[^。]{0,20}\W*$", re.I)
"""The end of a finished sentence that leaves it to titled parts below to name what it speaks of."""
TITLE = re.compile(
    r"licen[sc]e|agreement|terms|policy|notice|许可|協議|协议|條款|条款|ライセンス|規約|lizenz|vertrag|licencia|licenza|acuerdo|contrat",
    re.I,
)
PREAMBLE = re.compile(
    r"\bagree[sd]?\s+as\s+follows\W*$|\bfollow\W*$|\bbegins?\s+here\W*$|同意如下\W*$", re.I
)  # opens the whole contract, governs nothing
TERMS = re.compile(
    r"\b(?:terms|conditions|provisions|agreement|licen[sc]e|meanings?|definitions?)\W*$", re.I
)  # what follows are whole sections
UNFINISHED = re.compile(
    r"(?:[,—–]|\b(?:to|not|that|by|for|of|with|shall|must|may|will|can|cannot|are|is|if|when|unless|entitled|permitted|allowed|authori[sz]ed|means|either|any|all|include|includes|including|"
    r"you))[\W_]*$",
    re.I,
)
JOINT = re.compile(r"(?:;|,|；|，|、|[;,]\s+(?:or|and|and/or|oder|und|o|y|e))\W*$", re.I)
SUBJECT = re.compile(
    r"(?:you|your|we|our|the|this|these|that|if|subject|in no|any|nothing|all|each|no|licensee|licensor|it|by|for more|please|note|"
    r"upon|unless|except|der|die|das|sie|wenn|el|la|los|las|usted|si|il|lo|i|gli|le)\b",
    re.I,
)
RUN_IN = re.compile(r"(?:\*\*|__)?([A-ZÀ-ÖØ-Þ“\"][^.:;!?。：\n]{2,90}?)(?:[.]|(?:[:.])?(?:\*\*|__)[:.]?)(?=\s)")
LIKEWISE = re.compile(  # says of something else what the sentence before said
    r"(?:so|nor|neither) (?:is|are|may|does|do|must)\b"
    r"|(?:this|that|these|those|such use|it) (?:also |expressly |specifically )?includes?\b"
    r"|(?:the same|likewise|ditto|this also|that also)\b.{0,20}\b(?:goes|holds|applies|true|for|is|are)\b",
    re.I,
)
SAYS = re.compile(  # what says something by itself, so that no heading need speak for it
    r"\b(?:no|not|never|must|may|shall|should|can|cannot|will|would|you|we|i|it|this|these|they|is|are|was|were|has|have|had|do|does|please"
    r"|see|by|c|copyright|version|v?\d[\d.]*)\b|n.t\b|[您你我本是为将应可须请的]|です|ます|ません|する|した|ない|ist|sind|wird|werden|©|://|@|[:：]\s*$",
    re.I,
)
