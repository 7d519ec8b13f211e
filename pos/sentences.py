"""The sentences themselves, English; `locale` translates them. Keys are `code` or `code/word` (`pos.wording`)."""

from __future__ import annotations

from typing import Final

from pos.languages import noted as _
from pos.price_sentences import USAGE_FLAWS

SENTENCES: Final = {
    # The records
    "not-a-venue": _("No venue lies in {folder}. Name its folder with --data, or create one with `mingjia init`."),
    "damaged": _(
        "The records are damaged ({detail}). Stop working in this folder, copy it whole, and run `mingjia doctor`; "
        "restore the last backup if it cannot be read."
    ),
    "schema-too-new": _(
        "A newer version of this program wrote the folder (schema {found}, known here {known}). Install that version."
    ),
    "store-busy": _("Another program kept the records locked for too long; nothing was written. Do it again."),
    "store-full": _(
        "The disk is full: nothing new can begin, running visits can still be settled. Make room on the disk."
    ),
    "already-open": _("Another desk works in {folder} already. Close it first."),
    "desk-elsewhere": _(
        "Desk {desk} is open at {address} already. Close it there; further desks join by `mingjia desk add`."
    ),
    "desk-elsewhere/nearby": _(
        "Desk {desk} is open in a copy of this folder. Close it there; further desks join by `mingjia desk add`."
    ),
    "clock-kind": _("A real venue cannot be simulated and a simulated one stays simulated. Use another folder."),
    "refused-by-guard": _("The database's protection {guard} refused this; nothing was written. Report it."),
    "overtaken": _("Another desk was faster, and nothing was written. Look again what is so now, and do it again."),
    "store-lost": _(
        "The database server does not answer; nothing was written. See that it runs and that the network stands; "
        "then do it again."
    ),
    "outcome-unknown": _(
        "The database server went away at the very end: nobody can say yet whether this was written. Look at the visit "
        "or the receipt once the server answers; asking again with the same request does nothing twice."
    ),
    "store-denied": _(
        "The database server does not let the role {role} in. Check its password and the database's name: a desk's in "
        "database.toml and the file that it names, the owner's in the options."
    ),
    "database-invalid": _("What names the database cannot be read. Write database.toml as `mingjia init` does."),
    "database-invalid/url": _(
        "The database's address is none. Write it like postgresql+psycopg://user@host:5432/database."
    ),
    "database-invalid/password": _(
        "A password must not stand in the database's address. Leave it out and use --database-password-file or "
        "--database-password-keystore."
    ),
    "database-invalid/schema": _("The database's schema has an impossible name. Use small letters, digits and _."),
    "database-invalid/desk": _("A desk's name has at most 32 small letters, digits and hyphens. Choose such a name."),
    "database-password": _("The database's password cannot be had. Name its file: --database-password-file."),
    "database-password/file": _(
        "The file of the database's password is missing or cannot be read. Put the password into its first line."
    ),
    "database-password/file-open": _(
        "Others on this computer may read the file of the database's password. Close it to them: chmod 600."
    ),
    "database-password/no-store": _(
        "This computer has no system key store that counts. Use --database-password-file with a file that this user "
        "alone may read."
    ),
    "database-password/not-stored": _(
        "The system's key store holds no password for this database. Put it there: "
        "`mingjia desk password --database-password-keystore`."
    ),
    "database-password/store": _(
        "The system's key store is locked or does not answer. Unlock it, or log in to the desktop, and try again."
    ),
    "driver-missing": _(
        "The records lie on a PostgreSQL server and its driver is not installed. "
        "Install it: python -m pip install 'mingjia[postgres]'."
    ),
    "no-server": _(
        "The records are a file of this computer, for one desk. "
        "Move them to a server first: `mingjia move-to-postgres`."
    ),
    "desk-name": _("The desk {desk} cannot join. Add it anew with `mingjia desk add`."),
    "desk-name/form": _("A desk's name has at most 32 small letters, digits and hyphens. Choose such a name."),
    "desk-name/taken": _("There is a desk {desk} already. Choose another name."),
    "desk-name/unknown": _("The venue does not know of a desk {desk}. Have the owner add it."),
    "desk-name/used": _("{desk} has joined already; an enrolment counts once. Have the owner add another desk."),
    "enrolment-file": _("The enrolment file cannot be used. Have the owner write a new one: `mingjia desk add`."),
    "enrolment-file/form": _("This is no enrolment file. Take the one that `mingjia desk add` wrote."),
    "enrolment-file/passphrase": _("The passphrase is wrong, or the enrolment file was altered. Try again."),
    "move-refused": _("The records are not moved as they are. Run `mingjia doctor`."),
    "move-refused/moved": _("The records lie on a server already; nothing is left to move."),
    "move-refused/no-file": _("This folder holds no records. Name the venue's folder with --data."),
    "move-refused/unsound": _(
        "The records are not moved: these checks fail: {where}. Run `mingjia doctor` and mend them first."
    ),
    "move-refused/differs": _(
        "What arrived on the server differs in {where}; it was taken back and the folder works as before. "
        "Try again, and report it if it comes back."
    ),
    "schema-taken": _(
        "The database has the schema {schema} already. Nothing was written; choose another database, or have its owner "
        "drop what an earlier attempt left."
    ),
    "migration-due": _(
        "The database is of an earlier version (schema {found}, needed {known}). Have the owner run `mingjia migrate`; "
        "a desk may not change tables."
    ),
    "moved": _(
        "The records of {folder} were moved to a server; this is the original that stayed behind. Work from the folder "
        "that the move named."
    ),
    "role-too-mighty": _(
        "The database role {role} owns the tables or may become who does, so nothing would keep it from changing the "
        "books. Give the program a role of its own (docs/operations.md)."
    ),
    "not-owner": _(
        "The database role {role} may not create or change tables here. Name the role that owns the database with "
        "--database-owner-url."
    ),
    # Staff
    "pin-refused": _("Name or PIN is wrong. Try again; after five wrong ones in a row the account waits."),
    "staff-locked": _(
        "Too many wrong PINs: the account waits until {until}. Have a manager reset the PIN if it is urgent."
    ),
    "staff-locked/None": _(
        "Too many wrong PINs: the account is closed. A manager or the owner gives it a new PIN; the owner's own is "
        "reset with the owner's key file: `mingjia staff reset-pin NAME --key FILE`."
    ),
    "pin-too-weak": _("This PIN cannot be taken. Choose 4 to 12 digits, or a password of at least 8 characters."),
    "pin-too-weak/too-short": _(
        "This PIN is too short. Choose at least 4 digits, or a password of at least 8 characters."
    ),
    "pin-too-weak/too-long": _(
        "This PIN is too long. Choose at most 12 digits, or a password of at most 128 characters."
    ),
    "pin-too-weak/obvious": _("This PIN is guessed at once. Choose one that is no run, repetition, year or birthday."),
    "staff-name": _("This name cannot be given. Choose another."),
    "staff-name/empty": _("A name is needed. Give one."),
    "staff-name/too-long": _("The name is longer than 32 characters. Shorten it."),
    "staff-name/characters": _("The name holds characters that cannot be printed. Write it without them."),
    "staff-name/taken": _("Somebody has or had this name. Choose another."),
    "staff-unknown": _("Nobody of that name has an account. See `mingjia staff list`."),
    "last-owner": _("{staff} is the last active owner. Add another owner first."),
    "not-allowed": _("The role {role} may not do this ({operation}). Ask somebody whose role may."),
    "approval-needed": _("This needs a second person's approval. Repeat it with --approve NAME."),
    "approval-refused": _("The approval does not count for this ({operation}). Have it given again."),
    "approval-refused/same-person": _("Who acts cannot approve ({operation}). Have another person approve."),
    "approval-refused/role": _("This person's role may not approve it ({operation}). Ask a manager or the owner."),
    "approval-refused/reason": _("This reason does not go with the operation ({operation}). Give one from its list."),
    "approval-refused/other-operation": _(
        "The approval was given for something else, or for less ({operation}). Have it given again."
    ),
    "approval-refused/other-person": _("The approval was given to somebody else ({operation}). Have it given again."),
    # Keys and sealed things
    "sealed-data": _(
        "What was sealed does not open: it was altered, or the key is another one. Check the key file; restore a "
        "backup if it is the right one."
    ),
    "passphrase-wrong": _(
        "The passphrase does not open {path}. Try again; if it is the right one, the file was altered: restore its "
        "copy."
    ),
    "passphrase-empty": _("An empty passphrase protects nothing. Choose one."),
    "owner-key-file": _("The owner's key file {path} cannot be used. Check the name."),
    "owner-key-file/missing": _("There is no owner's key file {path}. Bring the file, or name it with --key."),
    "owner-key-file/exists": _("{path} exists already and is not overwritten. Name another file with --owner-key."),
    "owner-key-file/unreadable": _("The owner's key file {path} cannot be read. Check the medium and who may read it."),
    "owner-key-file/not-a-key-file": _("{path} is no owner's key file. Name the file that `mingjia init` wrote."),
    "owner-key-file/unwritable": _(
        "The owner's key file {path} cannot be written. Name a folder that exists and may be written."
    ),
    "secret-store": _(
        "The counter's secrets cannot be had from the {store} store ({problem}). Restore the backup of the counter's "
        "secrets."
    ),
    "secret-store/missing": _(
        "The counter's secrets are missing from the {store} store. Restore their backup; without them the venue "
        "cannot be opened."
    ),
    "secret-store/exists": _(
        "The {store} store holds counter's secrets already. Nothing was replaced; use another folder."
    ),
    "secret-store/unreadable": _("The file of the counter's secrets cannot be read. Check who may read it."),
    "secret-store/damaged": _("The counter's secrets are damaged in the {store} store. Restore their backup."),
    "secret-store/unwritable": _("The counter's secrets cannot be written. Check the folder and the room on the disk."),
    "secret-store/unavailable": _(
        "The system's key store does not answer. Log in to the desktop, or found the venue with --secret-store "
        "passphrase."
    ),
    "secret-store/locked": _("The system's key store is locked. Unlock it and try again."),
    "recipients-refused": _(
        "The list of the owner's public keys is not the one the owner signed: nothing may be sealed to it. Restore "
        "recipients.json from a backup and find out who changed it."
    ),
    "no-recipient": _("No key of the owner's serves {month} yet. Check the computer's date."),
    # Documents
    "card-type-unknown": _(
        "This kind of card is not known here (type {flag}). Type the document in, with a second person."
    ),
    "document-file": _("The document's file cannot be used: {problem} {field}. Correct it."),
    "document-file/unreadable": _("The document's file cannot be read. Check the name."),
    "document-file/missing": _("The document's file lacks {field}. Add it."),
    "document-file/unknown-key": _("The document's file has a key that is not known: {field}. Remove it."),
    "document-file/not-a-date": _("{field} in the document's file is no date. Write it like 2030-12-31."),
    "document-file/kind-unknown": _("This kind of document is not known. Choose one of the list in the manual."),
    "document-file/reason-unknown": _("This reason for typing is not known. Choose one of the list in the manual."),
    "document-file/too-long": _("{field} in the document's file is too long. Shorten it."),
    "registration-unknown": _("There is no registration {record_id}. Check the number."),
    "id-refused": _("Nobody is admitted on this document ({reason}). The refusal is in the journal."),
    "id-refused/minor": _("This person is a minor and must not be admitted. No visit was opened."),
    "id-refused/expired": _("The document has expired. Ask for a valid one."),
    "id-refused/not-yet-valid": _("The document is not valid yet. Ask for a valid one."),
    "id-refused/no-birth-date": _(
        "The document shows no date of birth, so the age cannot be told. Ask for another one."
    ),
    "id-refused/number-invalid": _(
        "The document's number is not a valid one. Read the card again, or ask for another document."
    ),
    "id-refused/same-person": _("This person is on seat {seat} already. Settle that visit first."),
    "id-refused/unreadable": _(
        "The card cannot be read. Lift it, lay it down again and keep it still; or type the document in."
    ),
    "unreadable": _("The card cannot be read. Lift it, lay it down again and keep it still."),
    # Prices
    "list-invalid": _(
        "The price list has problems; nothing may be priced by it. Correct them and run `mingjia prices check`."
    ),
    **USAGE_FLAWS,
    "unknown-tier": _("The price list has no tier {tier}. Use one of the list."),
    "unknown-zone": _("The price list has no zone {zone}. Use one of the list."),
    "unknown-package": _("The price list has no package {package}. Use one of the list."),
    "outside-hours": _("The venue is closed at {at}. See the opening hours of the list."),
    "not-on-sale": _("Package {package} is not on sale at {bought_at} to this customer. See its sale hours and tiers."),
    "funds-exceeded": _(
        "The visit costs {cost_fen} yuan already, more than the {funds_fen} yuan at hand. Take another deposit, or "
        "settle."
    ),
    "font-missing": _(
        "No font with Chinese letters was found on this computer. Install one (Debian and Ubuntu: fonts-noto-cjk; any "
        "system: pip install mingjia[board-font]), or name a file with --font."
    ),
    "font-unusable": _("{font} is no font that can be used. Name a .ttf, .otf or .ttc file."),
    "letters-missing": _(
        "The font {font} has no letter for {letters}, and a board with holes is none. Name another file with --font."
    ),
    "no-price-list": _("No price list counts at {at}. Publish one with `mingjia prices publish`."),
    "unknown-list": _("There is no price list number {number}. See `mingjia prices history`."),
    "unknown-list-hash": _(
        "No list that was published here has the code or digits {given}. Whoever shows it got it elsewhere."
    ),
    "list-over": _(
        "List {number} counts no longer, since {over_since}: take its board down. See `mingjia prices history`."
    ),
    "effective-in-past": _("A list cannot count from {effective}, which is over. Choose a later instant."),
    "effective-taken": _("List {number} counts from {effective} already. Choose another instant."),
    # Visits and money
    "unknown-reason": _("{reason} is no reason that counts here. Choose one of: {known}."),
    "no-shift": _("No shift is open at {till}. Open one with `mingjia shift open`."),
    "shift-open": _("Shift {shift} is open at {till} already. Close it first."),
    "bad-count": _("{amount_fen} yuan is no amount of cash that can be counted. Give the amount in fen, not below 0."),
    "drawer-short": _("The drawer cannot hold {amount_fen} yuan by the books. Take out less, or count the drawer."),
    "difference-unexplained": _(
        "The count of shift {shift} differs from what it should be. Count again; if it stays so, give a reason with "
        "--reason."
    ),
    "unknown-visit": _("There is no open visit or seat {visit}. See `mingjia visit list`."),
    "visit-repeated": _("This visit was opened before, on seat {seat}. Nothing was done twice."),
    "check-used": _("Another visit was opened on this check of a document. Check the document again."),
    "same-person": _("This person is on seat {seat} already. Settle that visit first."),
    "seat-taken": _("Seat {seat} is taken. Choose another."),
    "seat-out-of-use": _("Seat {seat} is out of use since {since} ({reason}). Choose another, or put it in use again."),
    "not-just-moved": _("Something has happened on that seat since the move. Move the customer as usual."),
    "seat-in-use": _("Seat {seat} is not out of use. There is nothing to put back."),
    "visit-ended": _("The visit ended at {at} by itself and waits to be settled. Show the statement and settle it."),
    "visit-paused": _("The visit is paused since {since}. Resume it first."),
    "visit-not-paused": _("The visit is not paused, so there is nothing to resume."),
    "pauses-used-up": _("The list allows {pauses_max} pauses a visit, and they are used up. Go on, or settle."),
    "outage-running": _("All seats are paused since {since} ({reason}). End the outage first."),
    "no-outage": _("There is no outage to end."),
    "unknown-item": _("The list in force sells no {kind} {item}. See `mingjia prices show`."),
    "bad-quantity": _("{quantity} is no quantity that can be sold. Give a whole number from 1 on."),
    "not-overcharged": _(
        "Under list {list_number} nothing was paid too much for visit {visit_id}, or it has gone back already."
    ),
    **{
        f"not-overcharged/{refusal}": _(
            "List {list_number} cannot rate visit {visit_id}: it lacks its zone, tier or package, or was closed then. "
            "Choose the list that should have counted."
        )
        for refusal in ("unknown-zone", "unknown-tier", "unknown-package", "not-on-sale", "outside-hours", "bad-usage")
    },
    "nothing-sold": _("Nothing is to be sold. Name at least one item."),
    "order-repeated": _("This order was added before. Nothing was done twice."),
    "unknown-order-line": _("Order {order_id} has no line {line}. Check the number."),
    "not-promoted": _(
        "The promotion {promotion} is not running for this customer now. Sell the item at its single price."
    ),
    "part-not-in-combo": _("{part} is no part of {combo}. Leave out one of its parts, or sell it whole."),
    "visit-needed": _("{item} holds time and is sold to a seated customer only. Name the visit with --visit."),
    "order-mixed": _("{combo} holds a package and is an order of its own. Order the other things separately."),
    "nothing-to-hand-over": _("Everything of this order is handed over or cancelled already."),
    "bad-reduction": _("Something above nothing, and no more than what is due, can be taken off. Give another amount."),
    "reduction-above-due": _(
        "More was taken off this bill than is left of it. Withdraw a reduction with `mingjia visit reduce --withdraw`."
    ),
    "unknown-reduction": _("There is no reduction {reduction} to withdraw. Check the number."),
    "reduction-repeated": _("This reduction was given already and is not taken off again."),
    "not-settled": _(
        "Nothing was paid under {settled}. Cancel what is on a running visit; to refund, name what was paid."
    ),
    "refund-repeated": _("This refund was given already: receipt {receipt}. Nothing goes back twice."),
    "refund-above-paid": _("More would go back than is left of what was paid. Refund fewer lines."),
    "nothing-to-refund": _("These lines were not paid for, or their savings are worth as much: nothing goes back."),
    "unknown-paid-line": _("Nothing that was paid has the line {line}. See the lines with `mingjia refund --show`."),
    "refunded-too-many": _("Only {left} of line {line} can still go back. Refund fewer."),
    "package-not-refundable": _(
        "The package {package} gives nothing back: its list says so, it was used up, or it went back before."
    ),
    "cancelled-too-many": _("Only {left} pieces are left on this line. Cancel no more than that."),
    "statement-needed": _(
        "The customer has not seen an itemised statement yet. Show or print it with `mingjia visit statement`, then "
        "settle."
    ),
    "statement-stale": _(
        "The statement of {shown_at} no longer stands: it is too old, or something changed. Show it again, then settle."
    ),
    "already-settled": _(
        "The visit was settled before, receipt {receipt}. Nobody pays twice; reprint that receipt if it is wanted."
    ),
    "sale-repeated": _("This sale was made before, receipt {receipt}, {total_fen} yuan. Nobody pays twice."),
    "deposit-repeated": _("This deposit of {amount_fen} yuan was taken before, receipt {receipt}. Nobody pays twice."),
    "bad-tender": _("{text} is no tender. Write cash=1200, or wechat=1200:REFERENCE with the terminal's number."),
    "reference-used": _(
        "The number {reference} was taken already: {at}, receipt {receipt}. Look at the terminal's own list whether "
        "this was paid."
    ),
    "tenders-too-low": _(
        "{given_fen} yuan and a deposit of {deposits_fen} yuan do not cover {total_fen} yuan. Ask for the rest."
    ),
    "non-cash-above-due": _(
        "{non_cash_fen} yuan without cash is more than the {due_fen} yuan due, and change is given from cash only. "
        "Charge less."
    ),
    "seat-unknown": _("There is no seat {seat} in this venue. See `mingjia venue show`."),
    "request-reused": _("The request {request} was used before for something else. Use a new one."),
    "print-job-unknown": _("There is no slip {job_id}. Check the number."),
    "print-job-not-waiting": _("Nothing is open about slip {job_id} (it is {state}). There is nothing to decide."),
    # Devices
    "bad-target": _("{text} names no device. Write serial:PATH, socket://HOST:PORT, tcp://HOST:PORT or file:PATH."),
    "port-unavailable": _("{target} cannot be used ({trouble}). Check cable and power."),
    "port-unavailable/missing": _(
        "There is no {target}: not plugged in, or another name. Check the cable and the name."
    ),
    "port-unavailable/busy": _("Another program uses {target}. Close it."),
    "port-unavailable/denied": _("This user may not open {target}. Give the right (on Linux: the group dialout)."),
    "port-unavailable/not-a-port": _("{target} is no serial port. Name the device's port."),
    "port-unavailable/refused": _(
        "Nothing listens at {target}. Check the address, and whether the device is switched on."
    ),
    "port-unavailable/unreachable": _("{target} does not answer. Check network cable, address and power."),
    "port-unavailable/lost": _("{target} went away in the middle. Check the cable and try again."),
    "port-unavailable/stalled": _("{target} stopped taking anything. Switch the device off and on."),
    "no-card": _("No card was laid on the reader. Lay the card down and try again."),
    "card-moved": _("The card was lifted too early. Lay it down again and keep it still."),
    "no-answer": _("The reader at {target} does not answer. Check power, port and baud rate."),
    "not-a-reader": _("What answers at {target} is no ID-card reader. Check the port."),
    "module-fault": _(
        "The reader's security module refuses to work (status {status}). Have the reader repaired; until then "
        "documents are typed in."
    ),
    "bad-receipt-document": _("A stored slip cannot be read ({reason}). Report it."),
    # The program
    "file": _("{path} cannot be used. Check the name."),
    "file/missing": _("There is no file {path}. Check the name."),
    "file/folder-missing": _("There is no folder {path}. Create it, or check the name."),
    "file/denied": _("{path} may not be opened by this user. Check who may read or write it."),
    "file/exists": _("{path} exists already and is not overwritten. Choose another name."),
    "file/is-a-folder": _("{path} is a folder, and a file is needed. Check the name."),
    "file/not-a-folder": _("{path} lies in something that is no folder. Check the name."),
    "file/not-text": _("{path} is no UTF-8 text. Save it as UTF-8."),
    "file/not-toml": _("{path} is not TOML. Correct it."),
    "output": _(
        "The command was done, but its answer could not be written ({trouble}). Make room where the output goes."
    ),
    "settings-invalid": _("{path} has problems; nothing was changed. Correct these:"),
    "secrets-file": _("The secrets file {path} is wrong at {where}. Correct it."),
    "secret-needed": _("Nobody is here to be asked for a secret ({what}). Give it in a file."),
    "secret-needed/counter-passphrase": _(
        "The counter's passphrase is needed and nobody sits at a terminal. Name its file in "
        "MINGJIA_COUNTER_PASSPHRASE_FILE, or use --secrets."
    ),
    "secret-needed/owner-passphrase": _(
        "The owner's passphrase is needed and nobody sits at a terminal. Use --passphrase-file or --secrets."
    ),
    "secret-needed/pin": _("A PIN is needed and nobody sits at a terminal. Use --pin-file, MINGJIA_PIN or --secrets."),
    "person-needed": _("Somebody must answer for this. Say who acts with --as NAME."),
    "second-person-needed": _("A second person must approve this ({operation}). Add --approve NAME."),
    "folder-in-making": _("Another program makes {folder} just now. Wait until it is done."),
    "folder-taken": _("{folder} exists and is not empty. Name a new folder."),
    "owner-key-place": _(
        "The owner's key {path} must not lie in the data folder: who takes the computer would take both. Name "
        "another place with --owner-key."
    ),
    "database-differs": _(
        "The file's `database` is not where this venue's records lie; nothing was changed. Records go to a server with "
        "`mingjia move-to-postgres`; where only the address is another, change database.toml."
    ),
    "timezone-differs": _("The venue's time zone is {venue}, the price list's {prices}. Make them the same."),
    "no-system-store": _("This computer has no system key store that counts. Use --secret-store passphrase."),
    "no-owner": _('A venue needs an owner. Add one to [[staff]] in the secrets file, with role = "owner".'),
    "owner-key-foreign": _("{path} is another venue's owner key. Bring this venue's."),
    "owner-needed": _("Names and numbers are shown only to the venue's owner. Log in with --as and the owner's PIN."),
    # Proofs
    "nothing-to-export": _("No entry has a business day from {from_day} to {to_day}. Check the dates."),
    "not-an-anchor": _(
        "An anchor is none ({detail}). Give a receipt's MJ1 text, a signed note, or the start slip's key."
    ),
    # Notices
    "guards-missing": _(
        "Protections of the database are not as they should be ({missing}). The journal says so. "
        "Have the owner run `mingjia migrate`, and ask who changed them."
    ),
    "guards-restored": _(
        "Protections of the database were missing and stand again: {missing}. It is in the journal; find out who "
        "opened the database with another program."
    ),
    "reserve-missing": _(
        "The disk is nearly full ({free_bytes} bytes free): no visit opens until there is room again."
    ),
}

PROBLEMS: Final = {
    "not-toml": _("This is not TOML. Correct the text here."),
    "unknown-key": _("This key is not known. Remove it, or check its spelling."),
    "missing": _("This is required. Add it."),
    "bad-value": _("This value does not fit. See the table in docs/operations.md §9."),
    "duplicate-seat": _("A seat of this run has a label that was given before. Change prefix or numbers."),
    "duplicate-address": _("A seat of this run has an address that was given before. Change first_ip."),
    "outside-lan": _("These addresses lie outside `lan`. Change first_ip, or add the network to `lan`."),
    "too-many-seats": _(
        "There are more seats than licensed terminals. Remove seats, or correct the number of the licence."
    ),
    "password-in-address": _(
        "A password must not stand in the database's address. Leave it out and use --database-password-file or "
        "--database-password-keystore."
    ),
    "unknown-zone": _("The price list has no zone of this code. Use one of the list's zones."),
}
"""Of a `venue.toml`, by code; the place is named beside them."""
