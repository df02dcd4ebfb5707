using k8s.Models;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class ClusterRoleBindingStrategy() : BindingStrategy<V1ClusterRoleBinding>("clusterRoleBinding", isNamespaced: false);
