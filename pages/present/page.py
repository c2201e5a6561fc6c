"""Present: one thing at a time in the meeting; before it, which pages, in which order, under which titles."""

from pages.present import arrange, stage
from pages.ui import documents, kept, look, results
from pages.ui.view import bar, view_or_stop
from segkit.insights.headlines import results_headline
from segkit.insights.story.arranged import PART
from segkit.insights.story.parted import parted
from segkit.labels import plural

view = view_or_stop()
written = kept.all_written(view)
told = documents.story_or_stop(view)
pages = parted(told.arranged(written).pages)
stage.dress()
if stage.names(pages):
    stage.show(pages, view.edition)
else:
    if stage.is_on():
        stage.leave()
        look.notice(
            "The page of this link is not among those that are presented; it may have been taken out."
        )
    look.headline(
        results_headline(view.kpis) or f"{plural(len(pages), 'page')} about {view.edition.title}.",
        kicker=view.kicker,
    )
    bar(view)
    arrange.show(view, told.pages, written.get(PART), pages)
results.wait_quietly()
