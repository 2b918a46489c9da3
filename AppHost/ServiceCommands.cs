using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Orders.AppHost;

/// <summary>What can be done to a service from the dashboard, or with <c>aspire resource</c>: requests that anyone could send.</summary>
internal static class ServiceCommands
{
    /// <summary>The local default key. A service outside Development refuses it.</summary>
    public static readonly AuthenticationHeaderValue LocalKey = new("Basic", Convert.ToBase64String("foo:bar"u8));

    private const int Demo = 100;

    private static readonly string[] Products = ["Pour-over kettle", "Hand grinder", "Paper filters, 100", "Single origin beans, 1 kg", "Espresso cup"];

    public static IResourceBuilder<ProjectResource> WithDemoOrders(this IResourceBuilder<ProjectResource> api) =>
        api.WithPost("/v1/orders/batch", "demo-orders", $"Place {Demo} demo orders", "Cart", "Places them in one batch; Orders.Query shows them a moment later.", DemoOrders);

    public static IResourceBuilder<ProjectResource> WithReconcile(this IResourceBuilder<ProjectResource> sync) =>
        sync.WithPost("/v1/operations/reconcile", "reconcile", "Reconcile", "CheckmarkCircle", "Compares DynamoDB, Postgres and Redis, and shows what it found.", result: ReconcileResult.ReadAsync);

    public static IResourceBuilder<ProjectResource> WithSnapshot(this IResourceBuilder<ProjectResource> sync) =>
        sync.WithPost("/v1/operations/snapshot", "snapshot", "Snapshot", "ArrowSync", "Reads the whole table again, beside the stream.");

    private static IResourceBuilder<ProjectResource> WithPost(
        this IResourceBuilder<ProjectResource> service,
        string path,
        string name,
        string title,
        string icon,
        string description,
        Func<string>? body = null,
        Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? result = null) =>
        service.WithHttpCommand(path, title, endpointName: "http", commandName: name, commandOptions: new()
        {
            Method = HttpMethod.Post,
            IconName = icon,
            Description = description,
            // A batch is answered with a line for each order.
            ResultMode = body is null ? HttpCommandResultMode.Json : HttpCommandResultMode.Text,
            GetCommandResult = result,
            PrepareRequest = request =>
            {
                request.Request.Headers.Authorization = LocalKey;
                if (body is not null)
                    request.Request.Content = new StringContent(body(), Encoding.UTF8, "application/json");
                return Task.CompletedTask;
            },
        });

    private static string DemoOrders() => string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', Enumerable.Range(0, Demo).Select(DemoOrder))}]");

    private static string DemoOrder(int i)
    {
        var product = i % Products.Length;
        return $$"""
            {"merchant_id":"merchant-{{101 + (i % 20)}}","customer_id":"customer-{{1 + i}}","currency":"INR",
             "items":[{"product_id":"prod-{{1001 + product}}","product_name":"{{Products[product]}}","quantity":{{1 + (i % 3)}},"unit_price":{{100 * (1 + product)}}.50}]}
            """;
    }
}
