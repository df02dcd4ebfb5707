using System.Text;

namespace MiniKube.Cluster.Hosts;

/// <summary>
/// What runs on a host under runit: a service folder with a <c>run</c> script. runit starts it again, at most once a second, whenever it ends.
/// </summary>
public sealed record Unit(string Name, string Command)
{
    /// <summary>Shell conditions, each of which must hold before the command is started: a unit may need a neighbour's socket.</summary>
    public IReadOnlyList<string> WaitFor { get; init; } = [];

    /// <summary>Shell commands that are run before the command, each time.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The text of the <c>run</c> script.</summary>
    public string RenderRun()
    {
        var script = new StringBuilder("#!/bin/sh\nexec 2>&1\n");
        // runit does not count: mk status does, by these lines.
        script.Append($"echo >>/run/mk/starts/{Name}\n");
        foreach (var condition in WaitFor)
        {
            script.Append($"until {condition}; do sleep 0.1; done\n");
        }

        foreach (var command in Before)
        {
            script.Append($"{command}\n");
        }

        foreach (var (name, value) in Environment)
        {
            script.Append($"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'\n");
        }

        return script.Append($"exec {Command}\n").ToString();
    }

    /// <summary>The text of the <c>log/run</c> script: lines go to <c>/var/log/NAME/current</c>, rotated at one megabyte.</summary>
    public string RenderLog() => $"#!/bin/sh\nexec svlogd /var/log/{Name}\n";
}
