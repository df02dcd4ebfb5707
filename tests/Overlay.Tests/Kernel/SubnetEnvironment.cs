namespace MiniKube.Overlay.Tests.Kernel;

/// <summary>A node's subnet.env, as a shell that sources it sees it.</summary>
internal sealed record SubnetEnvironment(IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The bridge's address with its prefix length.</summary>
    public string Bridge => Variables["FLANNEL_SUBNET"];

    public string Mtu => Variables["FLANNEL_MTU"];

    /// <summary>The second address of the subnet, with its prefix length.</summary>
    public string Pod => Bridge.Replace(".1/", ".2/", StringComparison.Ordinal);

    public string PodAddress => Pod.Split('/')[0];

    /// <summary>The name of the lease's key.</summary>
    public string Key => Bridge.Replace(".1/", ".0-", StringComparison.Ordinal);

    public static SubnetEnvironment Parse(string text) => new(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal));
}
