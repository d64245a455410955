"""supply leg: admissions, pick-ups, supply orders, refunds

Orders that stand are the factory's own: shipped by the seller, seen on the page of their listing.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import kernel.db

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OFFER_CHECKS = {
    'pick_up': "(kind = 'resale') = (pick_up_id is not null)",
    'supply_price': "(kind = 'resale') = (supply_price_fen is not null)",
    'above_cost': "state <> 'on' or kind = 'own' or supply_price_fen < price_fen",
    'held_reason': "(state = 'held') = (held_reason <> '')",
}
ORDER_LINE_CHECKS = {
    'refunded_quantity': "refunded_quantity between 0 and quantity",
    'supply_price': "supply_price_fen between 1 and unit_price_fen - 1",
}
ORDER_CHECKS = {
    'way': "way in ('direct', 'merchant')",
    'shipper': "(way = 'direct') = (shipper_id = organisation_id)",
    'paid_at': "state = 'cancelled' or (state = 'placed') = (paid_at is null)",
    'refunded': "state <> 'cancelled' or (cancel_reason = 'refunded') = (paid_at is not null)",
}
ORDER_CHECKS_BEFORE = {
    'way': "way in ('direct', 'supply')",
    'paid_at': "(state in ('placed', 'cancelled')) = (paid_at is null)",
}
WAY_CHECKS = {'closed': "way = 'supply' or not closed"}
SALE_CHECKS = {
    'supply': "supply_fen between 0 and goods_fen",
    'refunded_supply': "refunded_supply_fen between 0 and supply_fen",
    'supplied': "supply_fen = 0 or way = 'merchant'",
    'serves': "(way = 'supply') = (serves is not null)",
}


def upgrade() -> None:
    op.create_table('admissions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('factory_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('merchant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('asked_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'asked') = (decided_at is null)", name=op.f('ck_admissions_decided_at')),
    sa.CheckConstraint("(state in ('refused', 'ended')) = (reason <> '')", name=op.f('ck_admissions_reason')),
    sa.CheckConstraint("state in ('asked', 'admitted', 'refused', 'ended')", name=op.f('ck_admissions_state')),
    sa.CheckConstraint('factory_id <> merchant_id', name=op.f('ck_admissions_not_own')),
    sa.ForeignKeyConstraint(['factory_id'], ['organisations.id'], name=op.f('fk_admissions_factory_id_organisations')),
    sa.ForeignKeyConstraint(['merchant_id'], ['organisations.id'], name=op.f('fk_admissions_merchant_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admissions')),
    sa.UniqueConstraint('factory_id', 'merchant_id', name=op.f('uq_admissions_factory_id_merchant_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_admissions_public_id'))
    )
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_admissions_merchant_id'), ['merchant_id'], unique=False)

    op.create_table('registrations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uscc', sa.String(length=18), nullable=False),
    sa.Column('registered_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(uscc) = 18', name=op.f('ck_registrations_uscc_length')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_registrations_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registrations')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_registrations_organisation_id')),
    sa.UniqueConstraint('uscc', name=op.f('uq_registrations_uscc'))
    )
    op.create_table('pick_ups',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('factory_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('markup_bp', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('picked_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('on', 'off')", name=op.f('ck_pick_ups_state')),
    sa.CheckConstraint('markup_bp between 0 and 100000', name=op.f('ck_pick_ups_markup')),
    sa.CheckConstraint('organisation_id <> factory_id', name=op.f('ck_pick_ups_not_own')),
    sa.ForeignKeyConstraint(['factory_id'], ['organisations.id'], name=op.f('fk_pick_ups_factory_id_organisations')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_pick_ups_listing_id_listings')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_pick_ups_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pick_ups')),
    sa.UniqueConstraint('organisation_id', 'listing_id', name=op.f('uq_pick_ups_organisation_id_listing_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pick_ups_public_id'))
    )
    with op.batch_alter_table('pick_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pick_ups_factory_id'), ['factory_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pick_ups_listing_id'), ['listing_id'], unique=False)

    op.create_table('refunds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shipper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('why', sa.String(length=20), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('shipped', sa.Boolean(), nullable=False),
    sa.Column('goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('supply_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('asked_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('refunded_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('paid_at', kernel.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'refunded') = (refunded_at is not null)", name=op.f('ck_refunds_refunded_at')),
    sa.CheckConstraint("(state = 'refused') = (answer <> '')", name=op.f('ck_refunds_answer')),
    sa.CheckConstraint("paid_at is null or state = 'refunded'", name=op.f('ck_refunds_paid_at')),
    sa.CheckConstraint("state in ('asked', 'agreed', 'refunded', 'refused', 'withdrawn')", name=op.f('ck_refunds_state')),
    sa.CheckConstraint('goods_fen > 0', name=op.f('ck_refunds_goods')),
    sa.CheckConstraint('supply_fen between 0 and goods_fen - 1', name=op.f('ck_refunds_supply')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_order_id_orders')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_refunds_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['shipper_id'], ['organisations.id'], name=op.f('fk_refunds_shipper_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds')),
    sa.UniqueConstraint('public_id', name=op.f('uq_refunds_public_id'))
    )
    with op.batch_alter_table('refunds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refunds_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refunds_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refunds_shipper_id'), ['shipper_id'], unique=False)
        batch_op.create_index('uq_refunds_open', ['order_id'], unique=True, sqlite_where=sa.text("state in ('asked', 'agreed')"), postgresql_where=sa.text("state in ('asked', 'agreed')"))

    op.create_table('supply_orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('merchant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('factory_name', sa.String(length=80), nullable=False),
    sa.Column('goods_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_fen', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('made_at', kernel.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('goods_fen > 0', name=op.f('ck_supply_orders_goods')),
    sa.CheckConstraint('organisation_id <> merchant_id', name=op.f('ck_supply_orders_not_own')),
    sa.CheckConstraint('refunded_fen between 0 and goods_fen', name=op.f('ck_supply_orders_refunded')),
    sa.ForeignKeyConstraint(['merchant_id'], ['organisations.id'], name=op.f('fk_supply_orders_merchant_id_organisations')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_supply_orders_order_id_orders')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_supply_orders_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply_orders')),
    sa.UniqueConstraint('order_id', name=op.f('uq_supply_orders_order_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_supply_orders_public_id'))
    )
    with op.batch_alter_table('supply_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supply_orders_merchant_id'), ['merchant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supply_orders_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('refund_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_refund_lines_quantity')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_refund_lines_order_line_id_order_lines')),
    sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_refund_lines_refund_id_refunds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund_lines')),
    sa.UniqueConstraint('refund_id', 'order_line_id', name=op.f('uq_refund_lines_refund_id_order_line_id'))
    )
    with op.batch_alter_table('refund_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refund_lines_order_line_id'), ['order_line_id'], unique=False)

    _add_columns()
    _fill_columns()
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.alter_column('by_hand', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('held_reason', existing_type=sa.String(length=20), server_default=None)
        batch_op.create_index(batch_op.f('ix_offers_pick_up_id'), ['pick_up_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_offers_pick_up_id_pick_ups'), 'pick_ups', ['pick_up_id'], ['id'])
        _create_checks(batch_op, 'offers', OFFER_CHECKS)

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.alter_column('page', existing_type=sa.String(length=200), server_default=None)
        batch_op.alter_column('refunded_quantity', existing_type=sa.Integer(), server_default=None)
        _create_checks(batch_op, 'order_lines', ORDER_LINE_CHECKS)

    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.alter_column('shipper_id', existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column('shipper', existing_type=sa.String(length=40), nullable=False)
        batch_op.create_index('ix_orders_shipper', ['shipper_id', 'state', 'id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_orders_shipper_id_organisations'), 'organisations', ['shipper_id'], ['id']
        )
        for name in ('way', 'paid_at'):
            batch_op.drop_constraint(batch_op.f(f'ck_orders_{name}'), type_='check')
        _create_checks(batch_op, 'orders', ORDER_CHECKS)

    with op.batch_alter_table('sale_refunds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_sale_refunds_ref'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_sale_refunds_ref_sale_id'), ['ref', 'sale_id'])

    with op.batch_alter_table('sales', schema=None) as batch_op:
        for name in ('supply_fen', 'refunded_supply_fen'):
            batch_op.alter_column(name, existing_type=sa.BigInteger(), server_default=None)
        batch_op.create_index('ix_sales_number', ['number'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_sales_serves'), ['serves'])
        batch_op.create_foreign_key(batch_op.f('fk_sales_serves_sales'), 'sales', ['serves'], ['order_ref'])
        _create_checks(batch_op, 'sales', SALE_CHECKS)

    with op.batch_alter_table('ways_of_selling', schema=None) as batch_op:
        batch_op.alter_column('closed', existing_type=sa.Boolean(), server_default=None)
        _create_checks(batch_op, 'ways_of_selling', WAY_CHECKS)


def downgrade() -> None:
    with op.batch_alter_table('ways_of_selling', schema=None) as batch_op:
        _drop_checks(batch_op, 'ways_of_selling', WAY_CHECKS)
        batch_op.drop_column('closed')

    with op.batch_alter_table('sales', schema=None) as batch_op:
        _drop_checks(batch_op, 'sales', SALE_CHECKS)
        batch_op.drop_constraint(batch_op.f('fk_sales_serves_sales'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_sales_serves'), type_='unique')
        batch_op.drop_index('ix_sales_number')
        batch_op.drop_column('refunded_supply_fen')
        batch_op.drop_column('supply_fen')
        batch_op.drop_column('serves')

    with op.batch_alter_table('sale_refunds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_sale_refunds_ref_sale_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_sale_refunds_ref'), ['ref'])

    with op.batch_alter_table('orders', schema=None) as batch_op:
        _drop_checks(batch_op, 'orders', ORDER_CHECKS)
        _create_checks(batch_op, 'orders', ORDER_CHECKS_BEFORE)
        batch_op.drop_constraint(batch_op.f('fk_orders_shipper_id_organisations'), type_='foreignkey')
        batch_op.drop_index('ix_orders_shipper')
        batch_op.drop_column('shipper')
        batch_op.drop_column('shipper_id')

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        _drop_checks(batch_op, 'order_lines', ORDER_LINE_CHECKS)
        batch_op.drop_column('refunded_quantity')
        batch_op.drop_column('supply_price_fen')
        batch_op.drop_column('page')

    with op.batch_alter_table('offers', schema=None) as batch_op:
        _drop_checks(batch_op, 'offers', OFFER_CHECKS)
        batch_op.drop_constraint(batch_op.f('fk_offers_pick_up_id_pick_ups'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_offers_pick_up_id'))
        batch_op.drop_column('held_reason')
        batch_op.drop_column('by_hand')
        batch_op.drop_column('supply_price_fen')
        batch_op.drop_column('pick_up_id')

    with op.batch_alter_table('refund_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_refund_lines_order_line_id'))

    op.drop_table('refund_lines')
    with op.batch_alter_table('supply_orders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supply_orders_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_supply_orders_merchant_id'))

    op.drop_table('supply_orders')
    with op.batch_alter_table('refunds', schema=None) as batch_op:
        batch_op.drop_index('uq_refunds_open', sqlite_where=sa.text("state in ('asked', 'agreed')"), postgresql_where=sa.text("state in ('asked', 'agreed')"))
        batch_op.drop_index(batch_op.f('ix_refunds_shipper_id'))
        batch_op.drop_index(batch_op.f('ix_refunds_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_refunds_order_id'))

    op.drop_table('refunds')
    with op.batch_alter_table('pick_ups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pick_ups_listing_id'))
        batch_op.drop_index(batch_op.f('ix_pick_ups_factory_id'))

    op.drop_table('pick_ups')
    op.drop_table('registrations')
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_admissions_merchant_id'))

    op.drop_table('admissions')


def _add_columns() -> None:
    op.add_column('offers', sa.Column('pick_up_id', ID, nullable=True))
    op.add_column('offers', sa.Column('supply_price_fen', sa.BigInteger(), nullable=True))
    op.add_column('offers', sa.Column('by_hand', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('offers', sa.Column('held_reason', sa.String(length=20), nullable=False, server_default=''))
    op.add_column('order_lines', sa.Column('page', sa.String(length=200), nullable=False, server_default=''))
    op.add_column('order_lines', sa.Column('supply_price_fen', sa.BigInteger(), nullable=True))
    op.add_column('order_lines', sa.Column('refunded_quantity', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('orders', sa.Column('shipper_id', ID, nullable=True))
    op.add_column('orders', sa.Column('shipper', sa.String(length=40), nullable=True))
    op.add_column('ways_of_selling', sa.Column('closed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('sales', sa.Column('serves', sa.String(length=40), nullable=True))
    op.add_column('sales', sa.Column('supply_fen', sa.BigInteger(), nullable=False, server_default='0'))
    op.add_column('sales', sa.Column('refunded_supply_fen', sa.BigInteger(), nullable=False, server_default='0'))


def _fill_columns() -> None:
    op.execute("UPDATE offers SET held_reason = 'below_cost' WHERE state = 'held'")
    op.execute("UPDATE orders SET shipper_id = organisation_id, shipper = seller")
    op.execute("UPDATE order_lines SET page = '/goods/' || listing || '?sku=' || sku")


def _create_checks(batch_op: Any, table: str, checks: dict[str, str]) -> None:
    for name, condition in checks.items():
        batch_op.create_check_constraint(batch_op.f(f'ck_{table}_{name}'), sa.text(condition))


def _drop_checks(batch_op: Any, table: str, checks: dict[str, str]) -> None:
    for name in checks:
        batch_op.drop_constraint(batch_op.f(f'ck_{table}_{name}'), type_='check')
