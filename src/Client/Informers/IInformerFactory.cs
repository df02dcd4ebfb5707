using k8s;
using k8s.Models;

namespace MiniKube.Client.Informers;

/// <summary>Gives out the shared informers of a process. They run from the host's start to its stop.</summary>
public interface IInformerFactory
{
    /// <summary>The informer of a kind; one per kind and selector. Label and field selectors limit what is watched.</summary>
    IInformer<T> Get<T>(string labelSelector = "", string fieldSelector = "", string @namespace = "")
        where T : class, IKubernetesObject<V1ObjectMeta>;
}
