using System.CommandLine;

namespace MiniKube.Cluster.Commands;

/// <summary>The option of every command that is about one cluster: which.</summary>
internal sealed class NameOption : Option<string>
{
    public NameOption()
        : base("--name")
    {
        Description = "The name of the cluster.";
        DefaultValueFactory = _ => "default";
    }

    public ClusterPaths Paths(ParseResult result) => ClusterPaths.Of(result.GetValue(this) ?? "default");
}
