"""What business steps of the extension need, as sentences. Made by `python tools/extension.py`; do not edit."""

from __future__ import annotations

from takeback.core.message import msg

SENTENCES = {
    sentence.msgid: sentence
    for sentence in (
        msg("the return or order under which it comes back (bizTransactionList: rma, takeback_order, warranty_claim)"),
        msg("the grade and its method (takeback:grade, takeback:method)"),
        msg("a measurement with unit and method: a sensor report, or a takeback:statement"),
        msg("the mass: a sensor report of type Mass, a quantity in kilograms, or a takeback:statement of mass"),
        msg("the mass that goes in: an input quantity by mass (KGM, GRM, TNE), or a takeback:statement of mass"),
        msg("the mass that comes out: an output quantity by mass (KGM, GRM, TNE)"),
        msg("the method by which it was done (takeback:method)"),
        msg("where it is now (bizLocation)"),
        msg("what it came apart into: outputs of the transformation, or children that leave their parent"),
        msg("what it shall be used for (takeback:intendedUse)"),
        msg("the old identity: takeback:formerIdentity (action ADD), or things as inputs and outputs"),
        msg("who has it from then on (destinationList: owning_party or possessing_party)"),
        msg("the donation (bizTransactionList), or who gets it (destinationList: owning_party)"),
        msg("the refund (bizTransactionList, type refund)"),
        msg("the amount and its currency (takeback:amountMinor, takeback:currency)"),
        msg("the exchange (bizTransactionList, type exchange)"),
    )
}
