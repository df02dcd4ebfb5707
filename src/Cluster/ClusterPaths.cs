using System.Security.Cryptography;
using System.Text;

namespace MiniKube.Cluster;

/// <summary>Where a cluster keeps what: everything lies below <c>.mk/NAME</c>, the images of all clusters' recipes below <c>.mk/images</c>.</summary>
public sealed record ClusterPaths(string Home, string Name)
{
    /// <summary>The variable that <c>./mk</c> sets: the folder that holds <c>.mk</c>. Without it, the current folder.</summary>
    public const string HomeVariable = "MK_HOME";

    public string Folder => Path.Combine(Home, ".mk", Name);

    public string State => Path.Combine(Folder, "cluster.json");

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string Pki => Path.Combine(Folder, "pki");

    /// <summary>Held while <c>up</c> or <c>down</c> is at work.</summary>
    public string Lock => Path.Combine(Home, ".mk", $".{Name}.lock");

    /// <summary>Root filesystems made from the recipes, for any cluster.</summary>
    public string RecipeImages => Path.Combine(Home, ".mk", "images");

    /// <summary>Docker's data of all hosts: what <c>down</c> keeps.</summary>
    public string KeptImages => Path.Combine(Folder, "images");

    /// <summary>
    /// What namespaces and cgroups on the machine are called. Two source trees on one machine may each have a cluster of one name, so the place is in it.
    /// </summary>
    public string MachineName => $"mk-{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..6]}";

    public string Host(string host) => Path.Combine(Folder, "hosts", host);

    public string HostImages(string host) => Path.Combine(KeptImages, host);

    public static ClusterPaths Of(string name)
    {
        if (name.Length is 0 or > 40 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || name[0] == '-' || name is "images" or "raft")
        {
            throw new ClusterException($"\"{name}\" cannot be the name of a cluster: use up to 40 lower-case letters, digits and '-', and not \"images\" or \"raft\".");
        }

        return new ClusterPaths(FindHome(), name);
    }

    /// <summary>The folder of the members of <c>mk raft</c>, which are no cluster.</summary>
    public static string Raft => Path.Combine(FindHome(), ".mk", "raft");

    private static string FindHome() =>
        Path.GetFullPath(Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } given ? given : Environment.CurrentDirectory);
}
