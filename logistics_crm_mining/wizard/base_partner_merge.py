from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Scores, campaign lists and score changes of customers who become one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Leave of each what can be there once: the survivor is scored anew at night."""
        self.env.flush_all()
        self._drop_merged_scores(src_partners)
        self._settle_lists(src_partners, dst_partner)
        self._settle_changes(src_partners, dst_partner)
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _drop_merged_scores(self, merged):
        """Take the scores off those who go, in every company: they tell of a part of the orders."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM logistics_mining_score
                WHERE res_model = 'res.partner' AND res_id = ANY(%s)""",
                merged.ids,
            )
        )
        self._empty_scores(merged)

    def _update_values(self, src_partners, dst_partner):
        """Leave the survivor's scores alone: nobody writes scores, and they are not filled up."""
        columns = SQL(", ").join(map(SQL.identifier, self._get_score_columns()))
        self.env.flush_all()
        [(scores,)] = self.env.execute_query(
            SQL(
                "SELECT row_to_json(own)::text FROM (SELECT %s FROM res_partner WHERE id = %s) own",
                columns,
                dst_partner.id,
            )
        )
        self._empty_scores(dst_partner)
        result = super()._update_values(src_partners, dst_partner)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner SET (%(columns)s) = (
                    SELECT %(columns)s FROM jsonb_populate_record(NULL::res_partner, %(scores)s))
                WHERE id = %(survivor)s""",
                columns=columns,
                scores=scores,
                survivor=dst_partner.id,
            )
        )
        dst_partner.invalidate_recordset(self._get_score_columns())
        return result

    def _get_score_columns(self):
        partners = self.env["res.partner"]
        fields = (partners._fields[name] for name in partners._get_score_fields())
        return sorted(field.name for field in fields if field.store and field.column_type)

    def _empty_scores(self, partners):
        names = self._get_score_columns()
        nothing = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
        self.env.cr.execute(
            SQL("UPDATE res_partner SET %s WHERE id = ANY(%s)", nothing, partners.ids)
        )
        partners.invalidate_recordset(names)

    def _settle_lists(self, merged, survivor):
        """Keep one place on each campaign list, and count the lists again.

        Whoever was contacted in part counts as contacted, and of such places one with an answer.
        """
        self.env.cr.execute(
            SQL(
                """WITH place AS (
                    SELECT id, ROW_NUMBER() OVER (
                        PARTITION BY list_id
                        ORDER BY arm IS DISTINCT FROM 'treated', reply IS NULL,
                            partner_id <> %(survivor)s, id) AS number
                    FROM logistics_mining_list_member WHERE partner_id = ANY(%(all)s)
                ), gone AS (
                    DELETE FROM logistics_mining_list_member member USING place
                    WHERE place.id = member.id AND place.number > 1
                    RETURNING member.list_id, member.arm
                )
                UPDATE logistics_mining_list list
                SET customer_count = customer_count - gone.count,
                    treated_count = treated_count - gone.treated,
                    holdout_count = holdout_count - gone.held_out
                FROM (
                    SELECT list_id, COUNT(*) AS count,
                        COUNT(*) FILTER (WHERE arm = 'treated') AS treated,
                        COUNT(*) FILTER (WHERE arm = 'held_out') AS held_out
                    FROM gone GROUP BY list_id
                ) gone
                WHERE gone.list_id = list.id""",
                survivor=survivor.id,
                all=(merged | survivor).ids,
            )
        )
        self._keep_one(
            "logistics_mining_list_member",
            "is_open",
            ("company_id", "COALESCE(task_id, 0)"),
            merged,
            survivor,
        )

    def _settle_changes(self, merged, survivor):
        """Keep one current change of each kind."""
        self._keep_one(
            "logistics_mining_change", "is_current", ("company_id", "kind"), merged, survivor
        )

    def _keep_one(self, table, flag, key, merged, survivor):
        """Leave a flag that one record of a customer may have with one, the survivor's first."""
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s record SET %(flag)s = false FROM (
                    SELECT id, ROW_NUMBER() OVER (
                        PARTITION BY %(key)s ORDER BY partner_id <> %(survivor)s, id) AS number
                    FROM %(table)s WHERE %(flag)s AND partner_id = ANY(%(all)s)
                ) place
                WHERE place.id = record.id AND place.number > 1""",
                table=SQL.identifier(table),
                flag=SQL.identifier(flag),
                key=SQL(", ").join(map(SQL, key)),
                survivor=survivor.id,
                all=(merged | survivor).ids,
            )
        )
