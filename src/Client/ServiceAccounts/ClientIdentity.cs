namespace MiniKube.Client.ServiceAccounts;

/// <summary>Whom the clients of a scope act as. Who makes a scope for a part of a component names its service account here; outside, it is the component itself.</summary>
public sealed class ClientIdentity
{
    /// <summary>A service account of kube-system; null is the component itself.</summary>
    public string? ServiceAccount { get; set; }
}
