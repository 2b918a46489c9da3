using Orders.Domain;
using Orders.Query.ByCustomer;
using Orders.Query.ById;
using Orders.Query.Cache;
using Orders.Query.Changes;
using Orders.Query.Console;
using Orders.Query.Customers;
using Orders.Query.Freshness;
using Orders.Query.History;
using Orders.Query.Http;
using Orders.Query.Lists;
using Orders.Query.Products;
using Orders.Query.Reading;
using Orders.Query.Settings;
using Orders.Query.Status;
using Orders.Query.Totals;
using Orders.Query.Waiting;
using Orders.Query.WhoAmI;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.OpenApi;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query;

/// <summary>The read service.</summary>
public static class QueryHost
{
    // Room for a hundred of the longest ids with their merchants (257 characters each), even if each
    // character is escaped to three. The platform's 8 KiB hold a tenth of that.
    private const int MaxRequestLineBytes = 80 * 1024;

    /// <summary>Builds the service. Settings are read and validated when it starts.</summary>
    /// <param name="options">As for any web application: arguments, environment.</param>
    /// <param name="settings">Settings that override every other source, for hosts that run several services
    /// in one process.</param>
    public static WebApplication Build(WebApplicationOptions options, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        if (settings is not null)
        {
            builder.Configuration.AddInMemoryCollection(settings);
        }

        builder.AddServiceDefaults("orders-query");
        builder.AddPostgres();
        builder.AddRedis();
        builder.Services.AddSettings(QuerySettings.Read);
        builder.Services.AddReadModel();
        builder.Services.AddOrderCache();
        builder.Services.AddChangeFeed();
        builder.Services.AddWaiting();
        builder.Services.AddOrderById();
        builder.Services.AddLists();
        builder.Services.AddByCustomer();
        builder.Services.AddHistory();
        builder.Services.AddCustomers();
        builder.Services.AddProducts();
        builder.Services.AddTotals();
        builder.Services.AddStatus();
        builder.Services.AddConsole();
        builder.Services.AddFreshness();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes);

        builder.Services.AddTextSchema<OrderStatus>(OrderStatuses.All).AddTextSchema<Currency>();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.UseFreshness();
        var v1 = app.MapGroup("/v1").RequireScope(Scopes.OrdersRead).AddEndpointFilter(QueryStringFilter.InvokeAsync);
        v1.MapOrderById();
        v1.MapLists();
        v1.MapByCustomer();
        v1.MapHistory();
        v1.MapCustomers();
        v1.MapProducts();
        v1.MapTotals();
        v1.MapWhoAmI();
        v1.MapStatus();
        v1.MapChanges();
        app.MapConsole();
        return app;
    }
}
