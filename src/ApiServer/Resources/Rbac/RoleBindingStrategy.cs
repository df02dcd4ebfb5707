using k8s.Models;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class RoleBindingStrategy() : BindingStrategy<V1RoleBinding>("roleBinding", isNamespaced: true);
