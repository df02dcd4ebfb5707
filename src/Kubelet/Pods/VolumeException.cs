namespace MiniKube.Kubelet.Pods;

/// <summary>A volume cannot be made; the message is what the FailedMount event says.</summary>
internal sealed class VolumeException(string message) : Exception(message);
