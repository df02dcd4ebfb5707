namespace MiniKube.Client.Controllers;

/// <summary>A reconciler that also says what it watches. It is made anew for each term of leadership: what it remembers is never older than that.</summary>
public interface IController : IReconciler
{
    /// <summary>Upstream's name of the controller, as <c>--controllers</c>, logs and metrics have it, such as <c>replicaset-controller</c>.</summary>
    string Name { get; }

    /// <summary>How many keys are worked on at a time.</summary>
    int Workers => 5;

    void Configure(ControllerBuilder controller);
}
