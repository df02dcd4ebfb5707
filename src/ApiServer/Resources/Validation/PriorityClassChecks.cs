namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Priorities: high ones and names that begin with <c>system-</c> are the system's own.</summary>
internal static class PriorityClassChecks
{
    private const string Prefix = "system-";
    private const int HighestOfUsers = 1_000_000_000;

    private static readonly Dictionary<string, long> System = new() { ["system-node-critical"] = 2_000_001_000, ["system-cluster-critical"] = 2_000_000_000 };

    public static void Validate(Field priority)
    {
        var (name, value) = (priority["metadata"]["name"], priority["value"]);
        if (name.Text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            if (FaultOf(name.Text, value.Number ?? 0, priority["globalDefault"].IsTrue) is { } fault)
            {
                name.Forbidden($"priority class names with '{Prefix}' prefix are reserved for system use only. error: {fault}");
            }
        }
        else if (value.Number > HighestOfUsers)
        {
            value.Forbidden($"maximum allowed value of a user defined priority is {HighestOfUsers}");
        }

        priority["preemptionPolicy"].OneOf("PreemptLowerPriority", "Never");
    }

    private static string? FaultOf(string name, long value, bool isDefault)
    {
        if (!System.TryGetValue(name, out var wanted))
        {
            return $"{name} is not a known system priority class";
        }

        if (value != wanted)
        {
            return $"value of {name} PriorityClass must be {wanted}";
        }

        return isDefault ? $"globalDefault of {name} PriorityClass must be false" : null;
    }
}
