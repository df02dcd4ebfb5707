namespace MiniKube.Kubelet.Runtime;

/// <summary>How to log in to a registry, from a <c>kubernetes.io/dockerconfigjson</c> secret.</summary>
internal sealed record RegistryCredential(string Server, string UserName, string Password);
