namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>Where it is written down what is taken: a key an address or port, so that two API servers cannot give away the same.</summary>
internal static class AllocationKeys
{
    /// <summary>As upstream 1.34: an IPAddress object for each.</summary>
    public const string Addresses = "/registry/ipaddresses/";

    /// <summary>Upstream has one bitmap for all ports, which all writers fight for; here each port is a key that holds its Service's name.</summary>
    public const string NodePorts = "/registry/ranges/servicenodeports/";

    public static string Address(string ip) => Addresses + ip;

    public static string NodePort(long port) => $"{NodePorts}{port}";
}
