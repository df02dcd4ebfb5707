using k8s;
using k8s.Models;

namespace MiniKube.Client.Events;

/// <summary>Tells users what happened to an object, as core/v1 Events. Alike events are counted, never blocking the caller.</summary>
public interface IEventRecorder
{
    /// <param name="about">The object it is about.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">Upstream's CamelCase reason, such as Scheduled.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <param name="fieldPath">The part of the object, such as <c>spec.containers{web}</c>; empty for the whole.</param>
    void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, string fieldPath = "");
}
