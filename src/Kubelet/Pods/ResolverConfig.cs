using System.Text;

using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>A resolv.conf.</summary>
internal sealed record ResolverConfig(IReadOnlyList<string> Nameservers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    public static ResolverConfig Parse(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1).ToList();
        IReadOnlyList<string> Last(string word) => lines.LastOrDefault(words => words[0] == word)?[1..] ?? [];
        return new ResolverConfig([.. lines.Where(words => words[0] == "nameserver").Select(words => words[1])], Last("search"), Last("options"));
    }

    /// <summary>What a pod adds of its own: an option of the same name replaces the one before.</summary>
    public ResolverConfig With(V1PodDNSConfig own)
    {
        var options = new OrderedDictionary<string, string>();
        foreach (var option in Options)
        {
            options[option.Split(':')[0]] = option;
        }

        foreach (var option in own.Options ?? [])
        {
            options[option.Name ?? ""] = string.IsNullOrEmpty(option.Value) ? option.Name ?? "" : $"{option.Name}:{option.Value}";
        }

        return new ResolverConfig(
            [.. Nameservers.Concat(own.Nameservers ?? []).Distinct()], [.. Searches.Concat(own.Searches ?? []).Distinct()], [.. options.Values]);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        if (Searches.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', Searches).Append('\n');
        }

        foreach (var server in Nameservers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (Options.Count > 0)
        {
            text.Append("options ").AppendJoin(' ', Options).Append('\n');
        }

        return text.ToString();
    }
}
