namespace Orders.Infra.Settings;

/// <summary>Reads the settings from any source of parameters.</summary>
internal static class SettingsReader
{
    /// <summary>Reads them; a missing parameter has its default.</summary>
    /// <param name="parameter">A parameter's text by its name; null or blank for none.</param>
    /// <exception cref="StackSettingException">A text is invalid.</exception>
    public static OrdersStackSettings Read(Func<string, string?> parameter)
    {
        var settings = new OrdersStackSettings();
        foreach (var each in SettingsParameter.All)
        {
            if (parameter(each.Name) is { } text && !string.IsNullOrWhiteSpace(text))
            {
                each.Read(settings, text.Trim());
            }
        }

        return settings;
    }
}
