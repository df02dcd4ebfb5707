namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The time zones of the IANA database that this machine has.</summary>
internal static class TimeZones
{
    /// <summary>UTC is there without a database. Names count with their case, as they do in Go, where each is a file.</summary>
    public static bool Exists(string name) =>
        name is "UTC" || (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && (zone.Id == name || zone.HasIanaId));
}
