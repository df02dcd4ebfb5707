namespace MiniKube.Cluster.Shell;

/// <summary>What needs root says so before it begins.</summary>
internal static class Privileges
{
    public static void RequireRoot(string command)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new ClusterException($"mk {command} needs root: a cluster's hosts are made of namespaces, mounts and cgroups. Run it with sudo.");
        }
    }
}
