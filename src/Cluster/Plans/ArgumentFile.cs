namespace MiniKube.Cluster.Plans;

/// <summary>A component's flags as a response file: one a line, <c>--name=value</c>.</summary>
internal static class ArgumentFile
{
    public static string Render(params IEnumerable<(string Name, string Value)> flags) =>
        string.Concat(flags.Select(flag => $"--{flag.Name}={flag.Value}\n"));
}
