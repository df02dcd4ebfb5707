namespace MiniKube.Client.Events;

/// <summary>For a process of many components: each tells its events under its own name.</summary>
public interface IEventRecorders
{
    /// <param name="component">The source that users see, such as <c>replicaset-controller</c>.</param>
    IEventRecorder For(string component);
}
