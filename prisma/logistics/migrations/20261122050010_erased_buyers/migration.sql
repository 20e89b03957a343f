-- What parcels say of a buyer goes when the buyer is erased; what couriers say of such a parcel later keeps no words of theirs.
ALTER TABLE "shipment" ADD COLUMN "buyer_erased_at" TIMESTAMPTZ(3);

DROP TRIGGER tracking_event_stays ON "tracking_event";
CREATE TRIGGER tracking_event_stays
  BEFORE UPDATE OF "id", "shipment_id", "courier_event_id", "status", "occurred_at", "received_at", "outcome" OR DELETE ON "tracking_event"
  FOR EACH ROW EXECUTE FUNCTION tracking_event_stays();
CREATE TRIGGER tracking_event_words_stay BEFORE UPDATE OF "location", "note" ON "tracking_event"
  FOR EACH ROW WHEN (NEW."location" IS NOT NULL OR NEW."note" IS NOT NULL) EXECUTE FUNCTION tracking_event_stays();
