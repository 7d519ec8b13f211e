"""`mingjia receipt list|reprint|resolve`: slips, copies of them, and a person's word about doubtful ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pos.cli.context import Context
from pos.cli.counting import at_counter, request_of, takes_request
from pos.cli.parser import CommandParser, acts_for_person

if TYPE_CHECKING:
    from pos.counter.print_jobs import PrintJob

_OUTCOMES: Final = ("on-paper", "not-on-paper", "cancelled")
_LAST: Final = 20


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    listing = parser.command("list", help=_("the newest slips and what became of them"), run=show)
    listing.add_argument("--last", type=int, default=_LAST, metavar="N", help=_("how many"))
    listing.add_argument("--open", action="store_true", help=_("only those that are not known to be on paper"))
    listing.add_argument("--about", metavar=_("ID"), help=_("only those of this visit, sale or shift"))
    copying = parser.command("reprint", help=_("print another copy, marked with its number"), run=reprint)
    takes_request(copying)
    resolving = parser.command("resolve", help=_("say what became of a slip that is uncertain"), run=resolve)
    resolving.add_argument(
        "--outcome", required=True, choices=_OUTCOMES, help=_("not-on-paper prints it again, cancelled withdraws it")
    )
    for command in (copying, resolving):
        command.add_argument("job", metavar=_("SLIP"), help=_("the slip's id, as `receipt list` has it"))
    for command in (listing, copying, resolving):
        acts_for_person(command)


def show(context: Context) -> int:
    """List slips, the newest first."""
    arguments = context.arguments
    with at_counter(context) as counter:
        slips = counter.slips
        if arguments.about is not None:
            jobs = list(reversed(slips.about(arguments.about)))
        elif arguments.open:
            jobs = list(reversed(slips.open()))
        else:
            jobs = list(slips.newest(limit=max(arguments.last, 0)))
        context.answer({"slips": [_json(job) for job in jobs]}, [_line(context, job) for job in jobs])
    return 0


def reprint(context: Context) -> int:
    """Print another copy."""
    with at_counter(context) as counter:
        copy = counter.slips.reprint(context.arguments.job, request=request_of(context))
        context.answer(_json(copy), [context.say("Copy {number} is printing.", number=copy.copy_no)])
    return 0


def resolve(context: Context) -> int:
    """Take a person's word about a slip."""
    from pos.counter.print_jobs import Resolution

    with at_counter(context) as counter:
        job = counter.slips.resolve(context.arguments.job, Resolution(context.arguments.outcome))
        context.answer(_json(job), [_line(context, job)])
    return 0


def _json(job: PrintJob) -> dict[str, Any]:
    return {
        "job": job.job_id,
        "kind": job.kind.value,
        "about": job.ref,
        "copy": job.copy_no,
        "desk": job.desk,
        "state": job.state.value,
        "cause": job.cause,
        "by": job.operator,
        "queued_at": job.queued_at.isoformat(timespec="seconds"),
    }


def _line(context: Context, job: PrintJob) -> str:
    at = job.queued_at.astimezone(context.timezone)
    copy = f" ×{job.copy_no}" if job.copy_no > 1 else ""
    return f"{job.job_id}  {at:%m-%d %H:%M}  {job.kind}{copy}  {job.ref}  {job.operator}  {job.state}"
