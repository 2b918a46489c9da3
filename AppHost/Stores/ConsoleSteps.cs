using System.Globalization;
using Orders.Engines;

namespace Orders.AppHost.Stores;

/// <summary>Prints long steps that happen before the dashboard can show them.</summary>
internal sealed class ConsoleSteps : IProgress<EngineStep>
{
    /// <inheritdoc/>
    public void Report(EngineStep value)
    {
        if (value.TakesLong || value.Took is not null)
        {
            var took = value.Took is { } time ? string.Create(CultureInfo.InvariantCulture, $" {time.TotalSeconds:0.0} s") : " ...";
            Console.WriteLine($"{value.Engine}: {value.Text}{took}");
        }
    }
}
