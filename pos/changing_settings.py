"""New settings for a venue that runs."""

from __future__ import annotations

from billing.list_errors import NoPriceListError
from billing.publication import in_force
from pos.bootstrap import Venue, read_settings
from pos.device_settings import write_devices
from pos.errors import DatabaseDiffersError, TimezoneDiffersError
from pos.founding import refuse_unknown_zones
from pos.settings import VenueFile
from records.canonical import canonical
from records.repeating import repeated
from records.schema import venue_settings
from staff.repository import StaffMember
from staff.roles import Operation, require


@repeated
def change_settings(venue: Venue, given: VenueFile, *, by: StaffMember, path: str) -> None:
    """Put settings into force, with their entry; settings that are in force already make none.

    Raises RoleRefusedError, TimezoneDiffersError, DatabaseDiffersError where the file names another database, and
    SettingsInvalidError for a zone that the list in force does not have.
    """
    require(Operation.VENUE_CHANGE, by.role)
    place = venue.folder.place
    if given.database is not None and (place is None or given.database != place.url):
        raise DatabaseDiffersError
    settings = given.settings
    with venue.records.begin(actor=by.staff, alone=True) as work:
        try:
            prices = in_force(work.connection, work.now).prices
        except NoPriceListError:
            prices = None
        if prices is not None:
            if prices.timezone != settings.timezone:
                raise TimezoneDiffersError(venue=settings.timezone, prices=prices.timezone)
            refuse_unknown_zones(settings, prices, path=path)
        version, before = read_settings(work.connection)
        if before != settings:
            entry = work.entry("venue.changed", {"settings": settings.to_json()})
            row = {"version": version + 1, "settings": canonical(settings.to_json()).decode()}
            work.insert(venue_settings, row, entry=entry)
            work.commit()
    with venue.records.reading() as connection:
        venue.records.follow(connection)
    write_devices(venue.folder.path, given.devices)
    venue.devices = given.devices
