namespace MiniKube.Kubelet.Runtime;

/// <summary>Whether the runtime answers. Told by the event generator, read by the node's status.</summary>
internal sealed class RuntimeHealth
{
    private volatile string _problem = "container runtime status check may not have completed yet";

    /// <summary>Empty when it is well.</summary>
    public string Problem => _problem;

    /// <summary>Raised when it became well or unwell.</summary>
    public event Action? Changed;

    public void Set(string problem)
    {
        if (_problem != problem)
        {
            _problem = problem;
            Changed?.Invoke();
        }
    }
}
