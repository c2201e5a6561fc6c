"""Slides: a story as a PowerPoint file whose charts and tables can be edited.

A slide a page of the story, then how to read them. The numbers are those of the story; nothing is computed
here but room. A step a module:

- `letters`: how wide a text is, how it breaks, and what of it fits.
- `shapes`: text boxes, tables and their words as XML.
- `bars`: a chart that PowerPoint can edit, with the workbook behind it.
- `house`: the project's own master and layouts.
- `templates`: a company's file -> its master and layouts, checked and without its slides.
- `canvas`: layouts -> where title, body, source and number of a slide lie.
- `laying`: a block of a page and the room there is -> what stands where, in which size of type.
- `sheets`: one slide: title, source, number, notes, and what is drawn on it.
- `drawing`: a story -> slides -> bytes.
"""

from segkit.exports.deck.drawing import deck
from segkit.exports.deck.templates import UnusableTemplate, opened_template

__all__ = ["UnusableTemplate", "deck", "opened_template"]
