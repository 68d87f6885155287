//! Views alias their storage as PyTorch's do: what is written through one is read through all.

mod common;

use kindling::autograd::no_grad;
use kindling::{DType, Device, Tensor};
use pollster::block_on;

fn arange(sizes: &[usize], device: Device) -> Tensor {
    let values = (0..sizes.iter().product::<usize>())
        .map(|i| i as f64)
        .collect();
    Tensor::from_f64(values, sizes, DType::Float32, device).unwrap()
}

async fn values(tensor: &Tensor) -> Vec<f64> {
    tensor.to_vec().await.unwrap()
}

#[test]
fn a_change_through_a_view_reaches_the_storage() {
    block_on(async {
        let device = common::device().await;
        let a = arange(&[3, 4], device);
        let row = a.select(0, 1).unwrap();
        let column = a.select(1, 2).unwrap();
        let corner = a.narrow(0, 1, 2).unwrap().narrow(1, 1, 2).unwrap();
        let turned = a.t().unwrap();
        let ten = Tensor::full(&[], 10.0, DType::Float32, device).unwrap();
        row.add_(&ten, 1.0).unwrap();
        assert_eq!(
            values(&a).await,
            [0., 1., 2., 3., 14., 15., 16., 17., 8., 9., 10., 11.]
        );
        assert_eq!(values(&column).await, [2., 16., 10.]);
        corner.mul_(2.0).unwrap();
        assert_eq!(
            values(&a).await,
            [0., 1., 2., 3., 14., 30., 32., 17., 8., 18., 20., 11.]
        );
        assert_eq!(
            values(&turned).await,
            [0., 14., 8., 1., 30., 18., 2., 32., 20., 3., 17., 11.]
        );
        turned
            .select(0, 0)
            .unwrap()
            .copy_(&arange(&[3], device))
            .unwrap();
        assert_eq!(
            values(&column.add(&a.select(1, 0).unwrap()).unwrap()).await,
            [2., 33., 22.]
        );
        assert_eq!(a.version(), 3);
        assert!(a.shares_storage(&turned));
    });
}

#[test]
fn a_copy_does_not_alias() {
    block_on(async {
        let device = common::device().await;
        let a = arange(&[2, 2], device);
        let b = a.copy().unwrap();
        {
            let _unrecorded = no_grad();
            a.mul_(3.0).unwrap();
        }
        assert_eq!(values(&b).await, [0., 1., 2., 3.]);
        assert_eq!(values(&a).await, [0., 3., 6., 9.]);
        assert!(!a.shares_storage(&b));
    });
}

#[test]
fn every_kind_of_view_reads_what_its_indices_say() {
    block_on(async {
        let device = common::device().await;
        let a = arange(&[2, 3, 4], device);
        let views = [
            a.permute(&[2, 0, 1][..]).unwrap(),
            a.transpose(0, 2).unwrap().narrow(1, 1, 2).unwrap(),
            a.select(1, 2)
                .unwrap()
                .unsqueeze(1)
                .unwrap()
                .expand(&[2, 3, 4][..])
                .unwrap(),
            a.narrow(2, 1, 2).unwrap().select(0, 1).unwrap(),
            a.reshape(&[6, 4])
                .unwrap()
                .t()
                .unwrap()
                .narrow(0, 2, 2)
                .unwrap(),
            a.narrow(0, 1, 1)
                .unwrap()
                .narrow(1, 2, 1)
                .unwrap()
                .narrow(2, 3, 1)
                .unwrap(),
        ];
        for view in views {
            let want: Vec<f64> = view
                .layout()
                .places()
                .into_iter()
                .map(|p| p as f64)
                .collect();
            assert_eq!(values(&view).await, want, "{:?}", view.layout());
            assert!(view.shares_storage(&a));
        }
    });
}
