"""Languages are told apart, also in the short items of a list."""

from __future__ import annotations

import pytest

from licensecheck import clauses, language
from licensecheck.segment import segment


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Glücksspiel ist verboten."),
        ("de", "Die Erzeugung von Schadsoftware ist untersagt."),
        ("es", "Se prohíbe la predicción de delitos."),
        ("es", "La licencia se limita a la evaluación del modelo."),
        ("it", "È vietata la generazione di contenuti violenti."),
        ("pt", "Esta licença não concede direitos de patente."),
        ("fr", "Il est interdit de vendre le modèle."),
        ("en", "You may not sell the model."),
    ],
)
def test_a_short_sentence_of_a_license_tells_its_language(code: str, text: str) -> None:
    assert language.language(text) == code


def test_a_short_item_is_read_in_the_language_of_its_text() -> None:
    text = "Sie dürfen das Modell nicht verwenden für:\n- Spionage;\n- Glücksspiel.\n\nDiese Lizenz ist weltweit gültig."
    found, _ = clauses.find(text, segment(text))
    assert {"field.military", "field.regulated-goods"} <= {clause.id for clause in found}
