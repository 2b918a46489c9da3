using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;

namespace Orders.Tests.Browser;

/// <summary>
/// A tab with the console. When it is closed it tells of every error that the page has had, and of every
/// request that left the machine.
/// </summary>
internal sealed class ConsoleTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();
    private string? _expected;

    private ConsoleTab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        // A bound for what does not come at all; what comes is not waited for.
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        page.Request += (_, request) => NoteIf(!new Uri(request.Url).IsLoopback, $"request to {request.Url}");
        page.PageError += (_, error) => NoteIf(true, error);
        page.Console += (_, message) => NoteIf(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
    }

    public IPage Page { get; }

    /// <summary>The line at the top: how everything is.</summary>
    public ILocator State => Page.Locator("#state");

    public ILocator Rows => Page.Locator("#rows .row");

    public ILocator Detail => Page.Locator("#detail");

    public static async Task<ConsoleTab> OpenAsync(IBrowserContext context, Uri address)
    {
        var tab = new ConsoleTab(context, await context.NewPageAsync());
        await tab.Page.GotoAsync(address.AbsoluteUri);
        return tab;
    }

    /// <summary>Signs in with the key that is filled in, and waits for the board.</summary>
    public async Task SignInAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(State).ToContainTextAsync("Current");
    }

    public ILocator RowOf(string orderId) => Page.Locator($"#rows [data-order=\"{orderId}\"]");

    /// <summary>The line of a step of the order that was placed last.</summary>
    public ILocator Step(string name) => Page.Locator($"#steps [data-step=\"{name}\"]");

    /// <summary>Errors of the browser's own with this text are what the test is about.</summary>
    public void Expect(string error) => _expected = error;

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _faults.ShouldBeEmpty();
    }

    private void NoteIf(bool isFault, string fault)
    {
        if (isFault && (_expected is null || !Regex.IsMatch(fault, _expected, RegexOptions.None, TimeSpan.FromSeconds(1))))
        {
            _faults.Enqueue(fault);
        }
    }
}
