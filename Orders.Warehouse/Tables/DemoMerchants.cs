using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Makes the table of the demonstration: the merchants whose orders Orders.Local places. Only in
/// Development, and only if the setting names it and there is none.
/// </summary>
internal sealed partial class DemoMerchants(NpgsqlDataSource database, WarehouseSettings settings, ILogger<DemoMerchants> logger) : IStartCheck
{
    private const string Sql =
        """
        CREATE TABLE public.merchants (
            id         text        PRIMARY KEY,
            name       text        NOT NULL,
            country    text        NOT NULL,
            plan       text        NOT NULL DEFAULT 'basic',
            created_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO public.merchants (id, name, country, plan, created_at)
        SELECT 'merchant-' || (100 + n), name, country, (ARRAY['basic', 'plus', 'pro'])[1 + n % 3], timestamptz '2024-01-01 00:00:00+00' + n * interval '17 days 3 hours'
          FROM (VALUES (1, 'Aster Coffee', 'IN'), (2, 'Banyan Roasters', 'IN'), (3, 'Cedar Kitchen', 'US'), (4, 'Dune Ceramics', 'AE'), (5, 'Elm Street Goods', 'US'),
                       (6, 'Fjord Supply', 'NO'), (7, 'Ginkgo Tea', 'JP'), (8, 'Harbour & Sons', 'GB'), (9, 'Iris Homeware', 'FR'), (10, 'Juniper Market', 'DE'),
                       (11, 'Kelp Kitchenware', 'IE'), (12, 'Lotus Traders', 'SG'), (13, 'Maple Mercantile', 'CA'), (14, 'Nori Pantry', 'JP'), (15, 'Olive & Oak', 'IT'),
                       (16, 'Pampas Store', 'AR'), (17, 'Quince Bakery', 'GB'), (18, 'Reed Outfitters', 'KW'), (19, 'Saffron House', 'IN'), (20, 'Tamarind Foods', 'MX')) AS demo (n, name, country)
        """;

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!settings.SqlTables.Any(name => SqlName.Parse(name) == new SqlName("public", WarehouseSettings.DemoTable)))
        {
            return;
        }

        try
        {
            await MakeAsync(cancellationToken);
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away) && away is not PostgresException { IsTransient: false } && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreAwayException("Postgres", $"Postgres does not answer ({away.Message.TrimEnd('.')}).", away);
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand("SELECT to_regclass('public.merchants') IS NOT NULL");
        if (await find.ExecuteScalarAsync(cancellationToken) is true)
        {
            return;
        }

        try
        {
            // One implicit transaction.
            await using var make = database.CreateCommand(Sql);
            await make.ExecuteNonQueryAsync(cancellationToken);
            LogMade();
        }
        catch (PostgresException raced) when (raced.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UniqueViolation)
        {
            // Another instance made it.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the table merchants of the demonstration; change it with psql")]
    private partial void LogMade();
}
