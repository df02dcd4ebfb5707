using System.Text.RegularExpressions;

namespace MiniKube.TestSupport;

/// <summary>A block of commands of a page, and the hosts that it is typed on: a fence that begins with <c>```sh host=etcd1,etcd2</c>.</summary>
/// <param name="Hosts">Names of hosts, or <c>machine</c>.</param>
/// <param name="Commands">Lines for a shell.</param>
/// <param name="Line">Where in the page it begins, counted from 1.</param>
public sealed partial record HostBlock(IReadOnlyList<string> Hosts, string Commands, int Line)
{
    public const string Machine = "machine";

    /// <summary>All blocks of a page of this source tree, in order. One that names no host is an error.</summary>
    public static IReadOnlyList<HostBlock> ReadAll(string page)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, page));
        return [.. Fence().Matches(text).Select(match => new HostBlock(
            match.Groups["hosts"].Success ? match.Groups["hosts"].Value.Split(',') : throw new InvalidDataException($"{page}: a block without a host: {match.Value}"),
            match.Groups["commands"].Value,
            text[..match.Index].Count(c => c == '\n') + 1))];
    }

    [GeneratedRegex(@"^```\w*(?: host=(?<hosts>\S+))?\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Fence();
}
