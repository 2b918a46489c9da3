using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

internal sealed partial record OrdersStackSettings
{
    /// <summary>
    /// <c>warehouse</c>: whether Orders.Warehouse runs, and Aurora keeps its log for logical replication.
    /// The
    /// bucket is made in any case.
    /// </summary>
    public bool Warehouse { get; init; } = true;

    /// <summary><c>warehouseImage</c>: likewise of Orders.Warehouse.</summary>
    public string? WarehouseImage { get; init; }

    /// <summary>
    /// <c>warehouseCpu</c>: of its one instance; 1024 is one processor. Another instance takes over by
    /// itself
    /// within minutes, and the stream keeps its records for a day.
    /// </summary>
    public int WarehouseCpu { get; init; } = 1024;

    /// <summary><c>warehouseMemory</c>: of its instance, in MiB. Compactions and queries take 1 GB
    /// each.</summary>
    public int WarehouseMemory { get; init; } = 4096;

    /// <summary><c>warehouseDisk</c>: of its instance, in GiB, for local copies of the files that are
    /// queried.</summary>
    [Range(21, 200)]
    public int WarehouseDisk { get; init; } = 50;

    /// <summary><c>warehouseKey</c>: likewise for <c>analytics:read</c> and <c>operations</c> in
    /// Orders.Warehouse.</summary>
    public KeyHash? WarehouseKey { get; init; }

    /// <summary>
    /// <c>warehouseSqlTables</c>: tables of the database that SQL owns, whose changes go into the lake.
    /// <c>orders_warehouse</c> must be their owner.
    /// </summary>
    public IReadOnlyList<string> WarehouseSqlTables { get; init; } = [];

    /// <summary>
    /// <c>slotGigabytes</c>: how much of its log Aurora keeps for the warehouse at most. If it falls further
    /// behind, its tables are read anew.
    /// </summary>
    [Range(1, 2_000)]
    public int SlotGigabytes { get; init; } = 20;

    /// <summary>
    /// <c>lakeTieringDays</c>: when a file moves to Intelligent-Tiering, which finds out by itself what is
    /// read
    /// rarely.
    /// </summary>
    [Range(0, MostDays)]
    public int LakeTieringDays { get; init; } = 7;

    /// <summary>
    /// <c>lakeRecoveryDays</c>: how long a replaced or deleted file can be restored. An erasure of a
    /// person's
    /// data is complete only after that, and the law gives it a month.
    /// </summary>
    [Range(1, 28)]
    public int LakeRecoveryDays { get; init; } = 7;

    /// <summary><c>alarmWarehouseSeconds</c>: the age of the newest data in the lake that raises an
    /// alarm.</summary>
    [Range(60, 86_400)]
    public int AlarmWarehouseSeconds { get; init; } = 300;

    /// <summary>
    /// <c>redshift</c>: whether there is a Redshift Serverless that Orders.Warehouse loads. Not by default:
    /// each
    /// load wakes it, and 8 units for a minute every 5 minutes cost more than all the rest of an idle stack.
    /// </summary>
    public bool Redshift { get; init; }

    /// <summary><c>redshiftCapacity</c>: its base capacity in units: 4, or a multiple of 8.</summary>
    [Range(4, 512)]
    public int RedshiftCapacity { get; init; } = 8;

    /// <summary><c>redshiftMaxCapacity</c>: to how many units it may grow by itself.</summary>
    [Range(4, 1_024)]
    public int RedshiftMaxCapacity { get; init; } = 32;

    /// <summary><c>redshiftMinutes</c>: how often it is loaded.</summary>
    [Range(1, 1_440)]
    public int RedshiftMinutes { get; init; } = 5;
}
