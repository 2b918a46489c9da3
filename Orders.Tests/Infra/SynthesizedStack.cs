using System.Text.Json;
using Amazon.CDK.Assertions;
using Orders.Infra;

namespace Orders.Tests.Infra;

/// <summary>One stack, in the two forms in which tests look at it.</summary>
internal sealed class SynthesizedStack
{
    public SynthesizedStack(SynthesizedApp app)
    {
        App = app;
        var text = File.ReadAllText(app.Template);
        Json = new(Parse(text));
        Assert = Template.FromString(text);
        Images = Parse(File.ReadAllText(Path.Combine(app.Folder, $"{app.StackName}.assets.json"))).GetProperty("dockerImages");
    }

    public SynthesizedApp App { get; }

    /// <summary>For what a single resource must be, or how many there are.</summary>
    public Template Assert { get; }

    /// <summary>For walks over the whole of it.</summary>
    public TemplateJson Json { get; }

    /// <summary>What the CDK makes and pushes before it deploys the template.</summary>
    public JsonElement Images { get; }

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
