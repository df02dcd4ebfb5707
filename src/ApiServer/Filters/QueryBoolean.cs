namespace MiniKube.ApiServer.Filters;

/// <summary>Booleans in queries, read as upstream's conversion does (CLIENTS.md A8): absent, <c>0</c> and <c>false</c> in any case are false, all else is true.</summary>
internal static class QueryBoolean
{
    public static bool Read(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values)
        && values.Count > 0
        && values[0] is { } value
        && value != "0"
        && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
