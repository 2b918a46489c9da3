namespace Orders.Local.Demo;

/// <summary>The merchants, customers and products of the demonstration.</summary>
internal sealed class Catalogue(Random random)
{
    private const int Merchants = 20;
    private const int Customers = 500;
    private const int MostLines = 4;
    private const int MostOfOne = 5;

    // Currencies with no, two and three decimal places, and the exchange rate of the list prices.
    private static readonly (string Currency, int Digits, decimal Rate)[] Currencies =
        [("INR", 2, 83.5m), ("USD", 2, 1m), ("EUR", 2, 0.92m), ("GBP", 2, 0.79m), ("JPY", 0, 151m), ("KWD", 3, 0.307m)];

    private static readonly (string Id, string Name, decimal Price)[] Products =
    [
        ("prod-1001", "Pour-over kettle", 49.90m), ("prod-1002", "Hand grinder", 89m), ("prod-1003", "Paper filters, 100", 6.50m),
        ("prod-1004", "Single origin beans, 1 kg", 31.25m), ("prod-1005", "Espresso cup", 12m), ("prod-1006", "Digital scale", 24.99m),
        ("prod-1007", "Milk jug", 18.40m), ("prod-1008", "Cleaning tablets", 9.95m), ("prod-1009", "Tamper", 27m), ("prod-1010", "Travel press", 34.75m),
    ];

    public DemoOrder Next()
    {
        var (currency, digits, rate) = Currencies[random.Next(Currencies.Length)];
        var lines = new DemoLine[random.Next(1, MostLines + 1)];
        // Neighbours on the list, so that no product appears on two lines.
        var first = random.Next(Products.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var (id, name, price) = Products[(first + i) % Products.Length];
            lines[i] = new(id, name, random.Next(1, MostOfOne + 1), decimal.Round(price * rate, digits));
        }

        return new($"merchant-{101 + random.Next(Merchants)}", $"customer-{1 + random.Next(Customers)}", currency, lines);
    }
}
