"""Groups whose commands compute: each is loaded when it is used, so that the others need not wait for it."""

from __future__ import annotations

from consult.cli import Lazy

survey = Lazy(
    "survey",
    help="Check, publish and list surveys.",
    places={
        "check": ("consult.cli.surveys:check", "Tell all that is wrong with survey files."),
        "export": ("consult.cli.surveys:export_", "Write a survey into a file."),
        "import": ("consult.cli.surveys:import_", "Take over a survey from a file."),
        "list": ("consult.cli.listing:list_", "List all surveys, with the number of answers."),
        "publish": ("consult.cli.surveys:publish", "Publish the survey in a file as a new version."),
    },
)
draft = Lazy(
    "draft",
    help="Import and compare draft regulations.",
    places={
        "compare": ("consult.cli.comparing:compare", "Compare two files, or two versions of a draft."),
        "import": ("consult.cli.drafts:import_", "Take the text of a regulation from a file."),
    },
)
consultation = Lazy(
    "consultation",
    help="Make the report on a consultation.",
    places={"report": ("consult.cli.consultations:report", "Write the report on a consultation.")},
)
responses = Lazy(
    "responses",
    help="Import and export answers; tell whether a receipt's is stored.",
    places={
        "codebook": ("consult.cli.responses:codebook", "Write what the columns and codes of a survey mean."),
        "export": ("consult.cli.responses:export", "Write the answers of a survey into a file."),
        "import": ("consult.cli.responses:import_", "Store the answers in a file, all of them or none."),
        "receipt": ("consult.cli.receipt:receipt", "Tell whether the answer of a receipt is stored."),
    },
)
results = Lazy(
    "results",
    help="Keep the columns that results are counted from; make a survey's report.",
    places={
        "rebuild": ("consult.cli.results:rebuild", "Write the column files of a survey anew from its answers."),
        "report": ("consult.cli.results:report", "Write the satisfaction report of a survey."),
    },
)
